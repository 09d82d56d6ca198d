import { describe, expect, it } from '@jest/globals';
import { TokenCache } from './token-cache.js';

const MINUTE = 60_000;

describe('a token', () => {
  it('is asked for once, by however many at the same time, until shortly before it ends', async () => {
    const cache = new TokenCache();
    let asked = 0;
    const request = async () => ({ token: `token-${++asked}`, expiresAt: 60 * MINUTE });
    const get = (now: number) => cache.get('me', request, now);
    expect(await Promise.all([get(0), get(0), get(54 * MINUTE)])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await Promise.all([get(56 * MINUTE), get(56 * MINUTE)])).toEqual(['token-2', 'token-2']);
    expect(await cache.get('you', request, 0)).toBe('token-3');
  });

  it('that was refused is asked for again', async () => {
    const cache = new TokenCache();
    await expect(cache.get('me', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('me', async () => ({ token: 'yes', expiresAt: Date.now() + 60 * MINUTE }))).toBe('yes');
  });
});
