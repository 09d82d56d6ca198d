import { Injectable } from '@nestjs/common';
import { StatusError } from '../../kube/api-server/status.js';
import type { Caller } from '../../machinery/http/caller.js';
import { unauthenticated } from '../credential.js';
import { ClusterRights, type ClusterUser, review } from './cluster-rights.js';

const TOKEN_REVIEW = review('authentication.k8s.io', 'TokenReview', 'tokenreviews');

interface Reviewed {
  authenticated?: boolean;
  user?: Partial<ClusterUser>;
  error?: string;
}

/** Knows service accounts and users by their tokens, and asks the cluster's own RBAC what they may do. */
@Injectable()
export class ClusterCallers {
  constructor(private readonly rights: ClusterRights) {}

  /** @throws 401; `Unavailable` when the cluster does not say */
  async find(token: string): Promise<Caller> {
    const { authenticated, user, error } = await this.review(token);
    if (authenticated !== true || !user?.username) {
      throw unauthenticated(error ? 'the cluster does not accept the token' : 'the token is not one of the cluster');
    }
    return this.rights.callerFor({ ...user, username: user.username });
  }

  private async review(token: string): Promise<Reviewed> {
    try {
      return await this.rights.ask<Reviewed>(TOKEN_REVIEW, { token });
    } catch (error) {
      // A release for one namespace: its Role cannot give the right to ask.
      if (!StatusError.is((error as Error).cause, 'Forbidden')) throw error;
      throw unauthenticated('the token is not known here, and the runtime may not ask the cluster about it');
    }
  }
}
