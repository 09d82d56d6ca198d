import { describe, expect, it } from '@jest/globals';
import { orderedUuid } from './ordered-uuid.js';

describe('an ordered UUID', () => {
  it('is one of version 7 that no other is', () => {
    const made = Array.from({ length: 1_000 }, () => orderedUuid());
    expect(new Set(made).size).toBe(1_000);
    for (const each of made)
      expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts behind those of earlier moments', () => {
    const moments = [0, 1, 4095, 65_536, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, Date.UTC(2200, 0, 1)];
    const made = moments.map((moment) => orderedUuid(moment));
    expect(made.toSorted()).toEqual(made);
  });
});
