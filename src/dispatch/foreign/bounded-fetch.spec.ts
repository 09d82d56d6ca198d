import { describe, expect, it } from '@jest/globals';
import { restAskedFor } from './bounded-fetch.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('the rest that a server asks for', () => {
  it.each<[string | null, number | undefined]>([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('is what Retry-After: %s says', (header, expected) => {
    expect(restAskedFor(header, NOW)).toBe(expected);
  });
});
