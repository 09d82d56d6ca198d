import { describe, expect, it } from '@jest/globals';
import { RunJournal } from './run-journal.js';

/** A journal over a store that outlives it. */
function journals() {
  const stored = new Map<string, string>();
  const open = () =>
    RunJournal.open(new Map([...stored].map(([key, value]) => [key, JSON.parse(value)])), async (entries) => {
      for (const [key, value] of entries) stored.set(key, value);
    });
  return { stored, open };
}

const heard = async <T>(pieces: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
};

describe('the journal of a run', () => {
  it('gives the same thing another key each time, and the same keys again in the next attempt', () => {
    const keys = () => {
      const journal = RunJournal.open();
      return [journal.nextKey('a', 'b'), journal.nextKey('a', 'b'), journal.nextKey('b', 'a')];
    };
    expect(new Set(keys()).size).toBe(3);
    expect(keys()).toEqual(keys());
  });

  it('stores nothing before the run pauses, then everything, and every later entry at once', async () => {
    const { stored, open } = journals();
    const journal = open();
    await journal.once('one', async () => 1);
    expect(stored.size).toBe(0);
    await journal.makeLasting();
    await journal.once('two', async () => 2);
    expect([...stored]).toEqual([
      ['one', '1'],
      ['two', '2'],
    ]);
  });

  it('lets what is done not be done again, and what failed be tried again', async () => {
    const { open } = journals();
    const first = open();
    await first.once('done', async () => 'x');
    await first.once('failed', () => Promise.reject(new Error('no'))).catch(() => {});
    await heard(
      first.streamedOnce('said', async function* () {
        yield* ['a', 'b'];
      }),
    );
    await first.makeLasting();

    const next = open();
    expect(next.isRepeating).toBe(true);
    expect(await next.once('done', () => Promise.reject(new Error('done twice')))).toBe('x');
    expect(
      await heard(
        next.streamedOnce('said', () => {
          throw new Error('asked twice');
        }),
      ),
    ).toEqual(['a', 'b']);
    expect(next.isRepeating).toBe(true);
    expect(await next.once('failed', async () => 'y')).toBe('y');
    expect(next.isRepeating).toBe(false);
  });

  it('knows of each that works side by side whether it only repeats, and of all when one has ended', async () => {
    const { open } = journals();
    const first = open();
    await first.once('done', async () => 'x');
    await first.makeLasting();

    const next = open();
    const [fresh, old] = [next.strand(), next.strand()];
    await fresh.once('open', async () => 'y');
    await old.once('done', () => Promise.reject(new Error('done twice')));
    expect([fresh.isRepeating, old.isRepeating, next.isRepeating]).toEqual([false, true, true]);
    next.join(old);
    expect(next.isRepeating).toBe(true);
    next.join(fresh);
    expect([next.isRepeating, next.strand().isRepeating]).toEqual([false, false]);
  });

  it('does not keep half a stream', async () => {
    const { open } = journals();
    const journal = open();
    const broken = journal.streamedOnce('said', async function* () {
      yield 'a';
      throw new Error('cut');
    });
    await expect(heard(broken)).rejects.toThrow('cut');
    expect(journal.recall('said')).toBeUndefined();
  });
});
