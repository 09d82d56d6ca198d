import { describe, expect, it } from '@jest/globals';
import { conflict, denied, invalid, notFound, unavailable } from '../../kit/index.js';
import { RetryPolicy } from './retry-policy.js';

describe('the retry policy', () => {
  it('waits for a change when only a change can help', () => {
    const policy = new RetryPolicy();
    for (const error of [invalid('x'), notFound('x'), denied('x')])
      expect(policy.delayAfter('a', error)).toBeUndefined();
  });

  it('repeats a lost race at once, five times, then backs off', () => {
    const policy = new RetryPolicy(() => 0);
    const delays = Array.from({ length: 7 }, () => policy.delayAfter('a', conflict('x')));
    expect(delays).toEqual([0, 0, 0, 0, 0, 1600, 3200]);
  });

  it('doubles the pause from 50 ms to a minute', () => {
    const policy = new RetryPolicy(() => 0);
    const delays = Array.from({ length: 13 }, () => policy.delayAfter('a', unavailable('x')));
    expect(delays.slice(0, 3)).toEqual([50, 100, 200]);
    expect(delays.at(-1)).toBe(60_000);
  });

  it('takes up to half of the pause away by chance', () => {
    expect(new RetryPolicy(() => 1).delayAfter('a', new Error('bug'))).toBe(25);
  });

  it('honours the pause that the other side asks for', () => {
    expect(new RetryPolicy().delayAfter('a', unavailable('x', { retryAfterMs: 7000 }))).toBe(7000);
  });

  it('counts each object for itself and forgets after success', () => {
    const policy = new RetryPolicy(() => 0);
    policy.delayAfter('a', unavailable('x'));
    expect(policy.delayAfter('b', unavailable('x'))).toBe(50);
    expect(policy.delayAfter('a', unavailable('x'))).toBe(100);
    policy.succeeded('a');
    expect(policy.delayAfter('a', unavailable('x'))).toBe(50);
  });
});
