import { beforeEach, describe, expect, it } from '@jest/globals';
import { QuerySlots } from './query-slots.js';

describe('the slots of Queries', () => {
  let woken: string[];
  let slots: QuerySlots;
  const start = new Date('2026-01-01T00:00:00Z');
  const take = (uid: string, namespace = 'n', now = start) =>
    slots.take(uid, namespace, now, () => woken.push(uid)) === undefined;
  beforeEach(() => {
    woken = [];
    slots = new QuerySlots(2);
  });

  it('are taken while there are any, and by one Query once', () => {
    expect([take('a'), take('a'), take('b'), take('c')]).toEqual([true, true, true, false]);
    expect(slots.inUse).toBe(2);
  });

  it('are kept for whoever waits longest, who is woken to take it', () => {
    for (const uid of ['a', 'b', 'c', 'd']) take(uid);
    slots.release('a', 'n');
    expect(woken).toEqual(['c']);
    expect(take('d')).toBe(false);
    expect(take('c')).toBe(true);
  });

  it('go first to what somebody else began and left', () => {
    for (const uid of ['a', 'b', 'c']) take(uid);
    slots.take('left', 'n', start, () => woken.push('left'), true);
    slots.release('a', 'n');
    slots.release('b', 'n');
    expect(woken).toEqual(['left', 'c']);
  });

  it('say since when a Query waits', () => {
    take('a');
    take('b');
    const wake = () => undefined;
    expect(slots.take('c', 'n', start, wake)).toBe(start);
    expect(slots.take('c', 'n', new Date(), wake)).toBe(start);
  });

  it('go to the namespace that holds the fewest, however long the queue of another is', () => {
    for (const uid of ['a1', 'a2', 'a3', 'a4', 'a5']) take(uid, 'a');
    take('b1', 'b');
    take('b2', 'b');
    slots.release('a1', 'a');
    expect(woken).toEqual(['b1']);
    slots.release('a2', 'a');
    expect(woken).toEqual(['b1', 'a3']);
  });

  it('go round between namespaces that hold equally many', () => {
    slots = new QuerySlots(1);
    take('x', 'x');
    for (const uid of ['a1', 'a2']) take(uid, 'a');
    for (const uid of ['b1', 'b2']) take(uid, 'b');
    take('c1', 'c');
    for (const [uid, namespace] of [
      ['x', 'x'],
      ['a1', 'a'],
      ['b1', 'b'],
      ['c1', 'c'],
      ['a2', 'a'],
    ] as const)
      slots.release(uid, namespace);
    expect(woken).toEqual(['a1', 'b1', 'c1', 'a2', 'b2']);
  });

  it('forget who stops waiting', () => {
    for (const uid of ['a', 'b', 'c', 'd']) take(uid);
    slots.release('c', 'n');
    slots.release('a', 'n');
    expect(woken).toEqual(['d']);
    slots.release('unknown', 'n');
    expect(slots.inUse).toBe(2);
  });
});
