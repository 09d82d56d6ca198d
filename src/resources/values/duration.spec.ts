import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { durationOr, formatDuration, parseDuration } from './duration.js';

describe('a Go duration', () => {
  it.each([
    ['0', 0],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['720h', 2_592_000_000],
    ['1.5h', 5_400_000],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['-2s', -2000],
    ['+.5s', 500],
  ])('%s is read', (text, milliseconds) => {
    expect(parseDuration(text)).toBeCloseTo(milliseconds, 9);
  });

  it.each(['', '5', '1d', 'm', '1m 30s', '1m-30s', '٣s', '5 m'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(/is not a duration/);
  });

  it.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [300_000, '5m0s'],
    [2_592_000_000, '720h0m0s'],
    [1234, '1.234s'],
    [12.5, '12.5ms'],
    [0.25, '250µs'],
    [-61_000, '-1m1s'],
  ])('%d ms are printed as Go does: %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('survives printing and reading', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBeCloseTo(milliseconds, 3);
      }),
    );
  });

  it('that was a plain text in Ark falls back, and a bare number means seconds', () => {
    expect([durationOr(undefined, 7), durationOr('soon', 7), durationOr('30', 7), durationOr('2m', 7)]).toEqual([
      7, 7, 30_000, 120_000,
    ]);
  });
});
