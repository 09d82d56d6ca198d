import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from '../../../src/resources/agent/agent.resource.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { GuardedApplication } from './guarded-application.js';

const CARD = '/agent/planner/.well-known/agent-card.json';
const METADATA = '/.well-known/oauth-protected-resource';
const ISSUER = 'https://login.example.com/realm';
const OIDC = { ARK_OIDC_ISSUER: ISSUER, ARK_OIDC_AUDIENCE: 'ark' };

describe('somebody who only knows the address of an agent', () => {
  const folder = temporaryFolder();
  let house: GuardedApplication | undefined;
  afterEach(async () => {
    await house?.stop();
    house = undefined;
  });
  const start = async (authMode: string, env: Record<string, string> = {}) => {
    house = await GuardedApplication.start(folder(), { authMode }, env);
    const tools = [{ type: 'custom', name: 'ledger' }];
    await house.put(Agent, { metadata: { name: 'planner', namespace: 'default' }, spec: { prompt: 'Plan.', tools } });
  };
  const get = (url: string, headers: Record<string, string> = {}) =>
    house!.app.inject({ method: 'GET', url, headers: { host: 'ark.test', ...headers } });

  it('learns which credential is wanted, and whether the one that was sent is wrong', async () => {
    await start('token');
    for (const url of [CARD, '/agents', '/engines/echo/.well-known/agent-card.json']) {
      const { statusCode, headers } = await get(url);
      expect({ url, statusCode }).toEqual({ url, statusCode: 401 });
      expect(headers['www-authenticate']).toBe('Bearer realm="ark"');
    }
    const { statusCode, headers } = await get(CARD, { authorization: 'Bearer nonsense' });
    expect(statusCode).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="ark", error="invalid_token"');
    expect((await get(METADATA)).statusCode).toBe(404);
  });

  it('learns which issuer gives out tokens', async () => {
    await start('token,oidc', OIDC);
    const { headers } = await get(CARD);
    const url = `http://ark.test${METADATA}`;
    expect(headers['www-authenticate']).toBe(`Bearer realm="ark", resource_metadata="${url}"`);
    const { statusCode, body } = await get(METADATA);
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual({
      resource: 'http://ark.test',
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
    });
    const proxied = await get(CARD, { 'x-forwarded-host': 'agents.example.com', 'x-forwarded-proto': 'https' });
    expect(proxied.headers['www-authenticate']).toContain(`"https://agents.example.com${METADATA}"`);
  });

  it('is counted by its address where cards are public, and by its key when it shows one', async () => {
    await start('token', { ARK_GATEWAY_PUBLIC_CARDS: 'on', ARK_RATE_LIMIT: '12' });
    const [one, other] = [await house!.key('reader@default'), await house!.key('reader@default')];
    const read = async (authorization?: string) => (await get(CARD, authorization ? { authorization } : {})).statusCode;
    const useUp = async (authorization?: string) => {
      const statuses: number[] = [];
      for (let count = 0; count < 30 && !statuses.includes(429); count += 1) statuses.push(await read(authorization));
      return new Set(statuses);
    };
    // A wrong key keeps nobody from what everybody may read.
    const wrong = `Bearer pk-ark-${'0'.repeat(16)}.sk-ark-${'0'.repeat(32)}`;
    expect(await useUp(wrong)).toEqual(new Set([200, 429]));
    expect(await useUp()).toContain(429);
    expect(await useUp(one)).toEqual(new Set([200, 429]));
    expect(await read(other)).toBe(200);
  });

  it('reads cards where they are public, and nothing else', async () => {
    await start('token,oidc', { ...OIDC, ARK_GATEWAY_PUBLIC_CARDS: 'on' });
    for (const url of [CARD, `/a2a${CARD}`, `/ns/default${CARD}`, CARD.replace('agent-card', 'agent')]) {
      const { statusCode, body } = await get(url);
      expect({ url, statusCode }).toEqual({ url, statusCode: 200 });
      expect(body).not.toContain('ledger');
      expect(JSON.parse(body)).toMatchObject({
        name: 'planner',
        security: [{ token: [] }, { oidc: [] }],
        securitySchemes: { token: { type: 'http' }, oidc: { type: 'openIdConnect' } },
        capabilities: { extendedAgentCard: true },
      });
    }
    expect((await get(CARD.replace('planner', 'nobody'))).statusCode).toBe(404);
    for (const url of [
      '/agent/planner/extendedAgentCard',
      '/agent/planner/v1/card',
      '/agents',
      '/agent/planner/tasks',
    ]) {
      expect({ url, status: (await get(url)).statusCode }).toEqual({ url, status: 401 });
    }
    expect((await house!.request({ method: 'POST', url: CARD }, undefined, {})).status).toBe(401);
    expect((await get(CARD, { 'impersonate-user': 'admin' })).statusCode).toBe(403);
  });

  it('asks not too often, as everybody', async () => {
    await start('token', { ARK_GATEWAY_PUBLIC_CARDS: 'on', ARK_RATE_LIMIT: '60' });
    const statuses: number[] = [];
    for (let count = 0; count < 30 && !statuses.includes(429); count += 1) statuses.push((await get(CARD)).statusCode);
    expect(statuses[0]).toBe(200);
    expect(statuses).toContain(429);
  });

  it('may keep a card for a while, and hears when it is still the same', async () => {
    await start('none', { ARK_ALLOWED_HOSTS: 'ark.test' });
    const { headers, body } = await get(CARD);
    expect(headers['cache-control']).toMatch(/^private, max-age=\d+$/);
    const again = await get(CARD, { 'if-none-match': String(headers.etag) });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
    const other = await get(CARD, { 'if-none-match': String(headers.etag), 'x-forwarded-host': 'other.example.com' });
    expect(other.statusCode).toBe(200);
    expect(other.body).not.toBe(body);
  });
});
