import { describe, expect, it } from '@jest/globals';
import { Shelf } from './shelf.js';

describe('what is kept on a shelf', () => {
  const shelf = () => new Shelf({ keptMs: 100, most: 2, mostSize: 10 });

  it('goes when its time is over', () => {
    const kept = shelf();
    expect(kept.put('a', 1, 0)).toEqual([]);
    expect(kept.put('b', 1, 99)).toEqual([]);
    expect(kept.put('c', 1, 100)).toEqual(['a']);
  });

  it('makes room for what is newer, by number and by size', () => {
    const kept = shelf();
    kept.put('a', 1, 0);
    kept.put('b', 1, 0);
    expect(kept.put('c', 1, 0)).toEqual(['a']);
    expect(kept.put('d', 99, 0)).toEqual(['b', 'c']);
  });

  it('counts no more once it was taken', () => {
    const kept = shelf();
    kept.put('a', 9, 0);
    kept.take('a');
    expect(kept.put('b', 9, 0)).toEqual([]);
    expect(kept.put('b', 9, 200)).toEqual([]);
  });
});
