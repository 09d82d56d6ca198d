import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import type { UntypedObject } from '../../../../kit/resource/object.js';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { CallerGate } from './caller-gate.js';
import { API_AUDIENCE, ServiceAccountTokens } from './service-account-tokens.js';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pem = (key: ReturnType<typeof newKey>) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = newKey();
const HOUR = { audiences: [], seconds: 3600 };

describe('the token of the administrator', () => {
  const gate = new CallerGate('s3cret-token', { owner: async () => undefined });

  it.each(['Bearer s3cret-token', 'bearer  s3cret-token'])('is known in the form %s', async (header) => {
    expect((await gate.caller(header))?.username).toBe('nest-ark-admin');
  });

  it.each([
    undefined,
    '',
    's3cret-token',
    'Basic s3cret-token',
    'Bearer s3cret-toke',
    'Bearer ',
    'Bearer s3cret-token x',
  ])('is not %s', async (header) => {
    expect(await gate.caller(header)).toBeUndefined();
  });
});

describe('the token of a ServiceAccount', () => {
  let accounts: Map<string, UntypedObject>;
  const server = {
    get: async (_type: unknown, { name }: { name: string }) => {
      const found = accounts.get(name);
      if (!found) throw new StatusError('NotFound', `serviceaccounts "${name}" not found`);
      return found;
    },
  } as unknown as Pick<EmbeddedApiServer, 'get'>;
  const tokens = new ServiceAccountTokens(server, pem(KEY));
  const account = (uid: string): UntypedObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'home', uid },
  });
  beforeEach(() => {
    accounts = new Map([['robot', account('one')]]);
  });

  it('tells whose it is', async () => {
    const { token } = await tokens.issue('home', 'robot', HOUR);
    expect(await tokens.owner(token, [API_AUDIENCE])).toEqual({
      caller: {
        username: 'system:serviceaccount:home:robot',
        uid: 'one',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:home', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=[-0-9a-f]{36}$/)] },
      },
      audiences: ['https://kubernetes.default.svc.cluster.local'],
    });
  });

  it('ends when its time is over', async () => {
    const { token, expires } = await tokens.issue('home', 'robot', HOUR);
    jest.useFakeTimers({ now: expires.getTime() + 1000 });
    try {
      expect(await tokens.owner(token, [API_AUDIENCE])).toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends with its account, also when another of that name is made', async () => {
    const { token } = await tokens.issue('home', 'robot', HOUR);
    accounts.set('robot', account('two'));
    expect(await tokens.owner(token, [API_AUDIENCE])).toBeUndefined();
    accounts.clear();
    expect(await tokens.owner(token, [API_AUDIENCE])).toBeUndefined();
  });

  it('is no token here when it is meant for others, or signed by others, or by nobody', async () => {
    const { token } = await tokens.issue('home', 'robot', { ...HOUR, audiences: ['vault'] });
    expect(await tokens.owner(token, [API_AUDIENCE])).toBeUndefined();
    const { token: good } = await tokens.issue('home', 'robot', HOUR);
    const claims = JSON.parse(Buffer.from(good.split('.')[1] ?? '', 'base64url').toString());
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(newKey());
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`;
    for (const token of [forged, unsigned, 'a.b.c', 'word'])
      expect(await tokens.owner(token, [API_AUDIENCE])).toBeUndefined();
  });
});
