import { Injectable } from '@nestjs/common';
import { apiVersionOf, errorText, type ResourceType, type UntypedObject, unavailable } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import type { Caller } from '../../machinery/http/caller.js';
import type { AccessVerb } from '../../machinery/http/route-access.js';
import { RecentAnswers } from '../recent-answers.js';

/** How long the cluster's word about a right holds. */
const KEEP_MS = 10_000;

export const review = (group: string, kind: string, plural: string): ResourceType => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: false,
});
const ACCESS_REVIEW = review('authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews');

/** What somebody must be allowed in the cluster to be allowed it here: on Queries, or on everything of the group. */
const RIGHTS: Record<AccessVerb, { verb: string; resource: string }> = {
  read: { verb: 'get', resource: 'queries' },
  use: { verb: 'create', resource: 'queries' },
  change: { verb: 'delete', resource: 'queries' },
  administer: { verb: '*', resource: '*' },
};
const GROUP = 'ark.mckinsey.com';

/** A user as the cluster describes one. */
export interface ClusterUser {
  username: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/** Asks the cluster's own RBAC what somebody may do. */
@Injectable()
export class ClusterRights {
  private readonly rights = new RecentAnswers<boolean>(KEEP_MS);

  constructor(private readonly server: ApiServer) {}

  /** A caller under their name in the cluster. Service accounts bring their groups with their name. */
  callerFor(user: ClusterUser): Caller {
    const who = JSON.stringify(user);
    const { username, groups = [] } = user;
    return {
      name: username,
      actor: username.startsWith('system:serviceaccount:') ? { user: username } : { user: username, groups },
      may: (verb, namespace) =>
        this.rights.get(`${verb} ${namespace ?? '*'} ${who}`, () => this.may(user, verb, namespace)),
      mayUseAccount: (account, namespace) =>
        this.rights.get(`use ${account} ${namespace} ${who}`, () => {
          const which = { resource: 'serviceaccounts', name: account, namespace };
          return this.allowed(user, { group: '', version: '*', verb: 'use', ...which });
        }),
    };
  }

  private may(user: ClusterUser, verb: AccessVerb, namespace: string | undefined): Promise<boolean> {
    // An empty namespace means all of them.
    return this.allowed(user, { group: GROUP, version: '*', ...RIGHTS[verb], namespace: namespace ?? '' });
  }

  private async allowed(user: ClusterUser, resourceAttributes: object): Promise<boolean> {
    const { username, uid, groups, extra } = user;
    const spec = { resourceAttributes, user: username, uid, groups, extra };
    return (await this.ask<{ allowed?: boolean }>(ACCESS_REVIEW, spec)).allowed === true;
  }

  /** The status of a review. @throws `Unavailable` when the cluster does not answer it */
  async ask<T>(type: ResourceType, spec: object): Promise<T> {
    // Reviews have no names: they are answered, not kept.
    const object = { apiVersion: apiVersionOf(type), kind: type.kind, metadata: {}, spec } as unknown as UntypedObject;
    try {
      return ((await this.server.create(type, object)) as { status?: unknown }).status as T;
    } catch (error) {
      const next = 'this runtime needs the right to create tokenreviews and subjectaccessreviews';
      throw unavailable(`the cluster does not say who this is and what they may do (${errorText(error)}); ${next}`, {
        cause: error,
      });
    }
  }
}
