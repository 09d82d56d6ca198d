import { describe, expect, it } from '@jest/globals';
import { unavailable } from '../../kit/index.js';
import { pauseAfterFailure } from './look-again.js';

const SECOND = 1_000;
const status = (code: number, retryAfterMs?: number) =>
  unavailable(`unexpected http status ${code}`, { details: { status: code }, retryAfterMs });
const even = () => 0.5;
const least = () => 0;

describe('a server that could not be asked about a task', () => {
  it('is asked twice as late with each failure, and at least every five minutes', () => {
    const pauses = [1, 2, 3, 9, 40].map((failures) => pauseAfterFailure(new Error('cut'), failures, SECOND, even));
    expect(pauses.map((pause) => Math.round(pause / SECOND))).toEqual([2, 4, 8, 300, 300]);
  });

  it.each([402, 429, 503])('has half a minute of rest at least after status %d', (code) => {
    expect(pauseAfterFailure(status(code), 1, SECOND, least)).toBe(30 * SECOND);
    expect(pauseAfterFailure(status(code), 9, SECOND, even)).toBe(300 * SECOND);
  });

  it('has no such rest after another status', () => {
    expect(pauseAfterFailure(status(500), 1, SECOND, even)).toBe(2 * SECOND);
  });

  it.each([
    ['longer than the pause', 90 * SECOND, 90 * SECOND],
    ['longer than five minutes', 600 * SECOND, 600 * SECOND],
    ['a year', 365 * 86_400 * SECOND, 3_600 * SECOND],
    ['shorter than its rest', SECOND, 30 * SECOND],
  ])('is not asked before it wants to be: %s', (_, wanted, expected) => {
    expect(pauseAfterFailure(status(503, wanted), 1, SECOND, least)).toBe(expected);
  });

  it('is not asked by all who wait for it at one moment', () => {
    const pauses = Array.from({ length: 50 }, () => pauseAfterFailure(new Error('cut'), 3, SECOND));
    expect(new Set(pauses).size).toBeGreaterThan(40);
    for (const pause of pauses) expect(Math.abs(pause - 8 * SECOND)).toBeLessThanOrEqual(800);
  });
});
