import { Injectable } from '@nestjs/common';
import { apiVersionOf, errorText, type ResourceType, type UntypedObject, unavailable } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import type { Caller } from '../../machinery/http/caller.js';
import type { AccessVerb } from '../../machinery/http/route-access.js';
import { unauthenticated } from '../credential.js';
import { RecentAnswers } from '../recent-answers.js';

/** How long the cluster's word about a right holds. */
const KEEP_MS = 10_000;

const review = (group: string, kind: string, plural: string): ResourceType => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: false,
});
const TOKEN_REVIEW = review('authentication.k8s.io', 'TokenReview', 'tokenreviews');
const ACCESS_REVIEW = review('authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews');

/** What somebody must be allowed in the cluster to be allowed it here: on Queries, or on everything of the group. */
const RIGHTS: Record<AccessVerb, { verb: string; resource: string }> = {
  read: { verb: 'get', resource: 'queries' },
  use: { verb: 'create', resource: 'queries' },
  change: { verb: 'delete', resource: 'queries' },
  administer: { verb: '*', resource: '*' },
};
const GROUP = 'ark.mckinsey.com';

interface ReviewedUser {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/** Knows service accounts and users by their tokens, and asks the cluster's own RBAC what they may do. */
@Injectable()
export class ClusterCallers {
  private readonly rights = new RecentAnswers<boolean>(KEEP_MS);

  constructor(private readonly server: ApiServer) {}

  /** @throws 401; `Unavailable` when the cluster does not say */
  async find(token: string): Promise<Caller> {
    const { authenticated, user, error } = await this.ask<{
      authenticated?: boolean;
      user?: ReviewedUser;
      error?: string;
    }>(TOKEN_REVIEW, { token });
    if (authenticated !== true || !user?.username) {
      throw unauthenticated(error ? 'the cluster does not accept the token' : 'the token is not one of the cluster');
    }
    const who = JSON.stringify(user);
    return {
      name: user.username,
      may: (verb, namespace) =>
        this.rights.get(`${verb} ${namespace ?? '*'} ${who}`, () => this.may(user, verb, namespace)),
    };
  }

  private async may(user: ReviewedUser, verb: AccessVerb, namespace: string | undefined): Promise<boolean> {
    // An empty namespace means all of them.
    const resourceAttributes = { group: GROUP, version: '*', ...RIGHTS[verb], namespace: namespace ?? '' };
    const { username, uid, groups, extra } = user;
    const spec = { resourceAttributes, user: username, uid, groups, extra };
    return (await this.ask<{ allowed?: boolean }>(ACCESS_REVIEW, spec)).allowed === true;
  }

  private async ask<T>(type: ResourceType, spec: object): Promise<T> {
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
