import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.js';
import { TooMany } from './too-many.js';

const SECOND = 1_000;

describe('a limit of requests', () => {
  let now = 0;
  const limit = (perMinute: number, most?: number) => {
    now = 1_000_000;
    return new RateLimit(perMinute, () => now, most);
  };
  const takes = (of: RateLimit, caller: string, times: number) => {
    let taken = 0;
    try {
      for (; taken < times; taken += 1) of.take(caller);
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
    }
    return taken;
  };

  it('lets a sixth of a minute come at once, and the rest over the minute', () => {
    const requests = limit(60);
    expect(takes(requests, 'ana', 100)).toBe(10);
    now += 5 * SECOND;
    expect(takes(requests, 'ana', 100)).toBe(5);
    now += 600 * SECOND;
    expect(takes(requests, 'ana', 100)).toBe(10);
  });

  it('says when to come again', () => {
    const requests = limit(6);
    requests.take('ana');
    expect(() => requests.take('ana')).toThrow('more than 6 requests a minute: try again in 10 s');
    now += 4 * SECOND;
    expect(() => requests.take('ana')).toThrow('try again in 6 s');
  });

  it('counts each caller alone, and nobody where there is no limit', () => {
    const requests = limit(60);
    expect(takes(requests, 'ana', 20)).toBe(10);
    expect(takes(requests, 'bob', 20)).toBe(10);
    expect(takes(limit(0), 'ana', 10_000)).toBe(10_000);
  });

  it('survives a clock that goes back', () => {
    const requests = limit(60);
    expect(takes(requests, 'ana', 20)).toBe(10);
    now -= 3_600 * SECOND;
    expect(takes(requests, 'ana', 20)).toBe(0);
    now += 2 * SECOND;
    expect(takes(requests, 'ana', 20)).toBe(2);
  });

  it('remembers no more callers than it was told, those seen last', () => {
    const requests = limit(60, 2);
    for (const caller of ['ana', 'bob']) expect(takes(requests, caller, 10)).toBe(10);
    expect(takes(requests, 'ana', 1)).toBe(0);
    expect(takes(requests, 'cy', 1)).toBe(1);
    expect(takes(requests, 'ana', 1)).toBe(0);
    expect(takes(requests, 'bob', 1)).toBe(1);
  });
});
