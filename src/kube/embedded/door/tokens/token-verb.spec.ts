import { describe, expect, it } from '@jest/globals';
import type { DoorRequest } from '../http/door-request.js';
import type { ResourcePath } from '../http/resource-path.js';
import type { ServiceAccountTokens, TokenWish } from './service-account-tokens.js';
import { TokenVerb } from './token-verb.js';

const PATH = { namespace: 'home', name: 'robot' } as ResourcePath;

async function wishFor(spec: unknown): Promise<TokenWish | undefined> {
  let asked: TokenWish | undefined;
  const tokens: Pick<ServiceAccountTokens, 'issue'> = {
    issue: async (_namespace, _name, wish) => {
      asked = wish;
      return { token: 'a.b.c', expires: new Date() };
    },
  };
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  const request = {
    method: 'POST',
    contentType: 'application/json',
    body: async () => Buffer.from(JSON.stringify(review)),
  } as unknown as DoorRequest;
  await new TokenVerb(tokens as ServiceAccountTokens).create(PATH, request);
  return asked;
}

describe('a request for a token', () => {
  it('wants an hour where it says nothing, which clients in Go say with nulls', async () => {
    expect(await wishFor({})).toEqual({ audiences: [], seconds: 3600 });
    const nulls = { audiences: null, expirationSeconds: null, boundObjectRef: null };
    expect(await wishFor(nulls)).toEqual({ audiences: [], seconds: 3600 });
  });

  it.each([
    [{ expirationSeconds: 599 }, 'less than 10 minutes'],
    [{ expirationSeconds: 2 ** 32 + 1 }, 'larger than 2^32 seconds'],
    [{ expirationSeconds: 'long' }, 'Invalid value: long'],
    [{ boundObjectRef: { kind: 'Pod', name: 'p' } }, 'spec.boundObjectRef: Forbidden'],
  ])('with %j is refused', async (spec, message) => {
    await expect(wishFor(spec)).rejects.toThrow(message);
  });
});
