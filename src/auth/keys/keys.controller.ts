import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../kit/index.js';
import { callerOf } from '../../machinery/http/caller.js';
import { factsOf } from '../../machinery/http/request-facts.js';
import { Needs } from '../../machinery/http/route-access.js';
import { type ApiKey, ApiKeys } from '../../storage/api-keys.js';
import { Authentication } from '../authentication.js';
import { KeyUse } from './key-use.js';
import { makeKey, readNewKey } from './new-key.js';

/**
 * Keys to the HTTP doors, for admins of every namespace. Keys are made in any mode; they open doors when
 * `ARK_AUTH_MODE` names `token`.
 */
@Controller('v1/api-keys')
export class KeysController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly use: KeyUse,
    private readonly authentication: Authentication,
  ) {}

  /**
   * `{"name": "ci", "roles": ["user@team-a"], "expires_at"?: "2027-01-01T00:00:00Z"}` → 201 with `public_key` and
   * `secret_key`, which is shown this once. Together, with a dot between them, they are the bearer token. 422 for a role or
   * time that is not valid.
   */
  @Post()
  @Needs('administer', 'every')
  async create(@Body() body: unknown, @Req() request: FastifyRequest) {
    const { key, secret } = makeKey(readNewKey(body), callerOf(request)?.name ?? 'anybody');
    await this.keys.add(key);
    factsOf(request).object = `api-keys/${key.publicKey}`;
    return { ...shown(key), secret_key: secret };
  }

  /** `{"items": [{"id", "name", "public_key", "roles", "created_at", …, "is_active"}], "count"}`, the oldest first. */
  @Get()
  @Needs('administer', 'every')
  async list() {
    await this.use.write();
    const items = (await this.keys.list()).map(shown);
    return { items, count: items.length };
  }

  /** 204; other replicas let it in for five more seconds at most. 404 when no active key has this public part. */
  @Delete(':publicKey')
  @HttpCode(204)
  @Needs('administer', 'every')
  async revoke(@Param('publicKey') publicKey: string): Promise<void> {
    if (!(await this.keys.revoke(publicKey))) throw notFound(`no active API key has the public key '${publicKey}'`);
    this.authentication.forget();
  }
}

const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());

function shown(key: ApiKey) {
  const expired = key.expiresAt !== undefined && key.expiresAt <= Date.now();
  return {
    id: key.id,
    name: key.name,
    public_key: key.publicKey,
    roles: key.roles,
    created_by: key.createdBy,
    created_at: time(key.createdAt),
    expires_at: time(key.expiresAt),
    last_used_at: time(key.lastUsedAt),
    is_active: key.revokedAt === undefined && !expired,
  };
}
