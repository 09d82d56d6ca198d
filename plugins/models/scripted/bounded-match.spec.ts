import { describe, expect, it } from '@jest/globals';
import { matchWithin } from './bounded-match.js';

const FOREVER = /^(a+)+$/;
const NEARLY = `${'a'.repeat(60)}!`;

describe('a match within its time', () => {
  it('is given up once it has had its time of the processor', () => {
    expect(matchWithin(FOREVER, NEARLY)).toBeUndefined();
    expect(matchWithin(/b/, 'abc')).toBe(true);
  });

  it('is tried again when the machine was too busy for it', () => {
    // Two tries pass without any time of our own, the third has it.
    const times = [0, 0, 0, 0, 0, 500];
    expect(matchWithin(FOREVER, NEARLY, () => times.shift() ?? 0)).toBeUndefined();
    expect(times).toEqual([]);
  });
});
