import { Injectable } from '@nestjs/common';
import type { Caller } from '../../machinery/http/caller.js';
import { unauthenticated } from '../credential.js';
import { AdminToken } from './admin-token.js';

/** Knows callers by their bearer tokens. */
@Injectable()
export class TokenCallers {
  constructor(private readonly admin: AdminToken) {}

  /** @throws 401; `Unavailable` when whoever knows does not answer */
  async find(token: string): Promise<Caller> {
    const admin = await this.admin.find(token);
    if (admin) return admin;
    throw unauthenticated('the token is not accepted here');
  }
}
