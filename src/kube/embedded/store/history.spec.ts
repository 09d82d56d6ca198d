import { describe, expect, it } from '@jest/globals';
import type { Change } from './change.js';
import { History } from './history.js';
import { StoredObject } from './stored-object.js';

function change(version: number): Change {
  const metadata = { name: `o${version}`, resourceVersion: String(version) };
  const seen = new StoredObject({ apiVersion: 'v1', kind: 'X', metadata }, version);
  return { resource: '/xs', key: `/o${version}`, version, current: seen, seen };
}

describe('the history of changes', () => {
  it('tells what came after a version, oldest first', () => {
    const history = new History(10);
    for (const version of [11, 12, 15]) history.push(change(version));
    expect(history.after(11).map((each) => each.version)).toEqual([12, 15]);
    expect(history.after(15)).toEqual([]);
    expect(history.after(10)).toHaveLength(3);
  });

  it('reaches back to its beginning and no further', () => {
    const history = new History(10);
    expect([history.reaches(9), history.reaches(10)]).toEqual([false, true]);
  });

  it('forgets the oldest when there are too many', () => {
    const history = new History(0, { events: 2, characters: 1e6 });
    for (const version of [1, 2, 3, 4]) history.push(change(version));
    expect([history.reaches(1), history.reaches(2)]).toEqual([false, true]);
    expect(history.after(2).map((each) => each.version)).toEqual([3, 4]);
  });

  it('forgets the oldest when they are too big', () => {
    const size = change(1).seen.json.length;
    const history = new History(0, { events: 100, characters: size * 2 });
    for (const version of [1, 2, 3]) history.push(change(version));
    expect([history.reaches(0), history.reaches(1)]).toEqual([false, true]);
  });
});
