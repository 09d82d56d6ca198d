import { describe, expect, it } from '@jest/globals';
import { ProcessJournal } from './process-journal.js';

describe('the journal of a process without a database', () => {
  it('gives back what was written for a Query, the last value of each key', async () => {
    const journal = new ProcessJournal();
    await journal.save('a', [['1', 'x']]);
    await journal.save('a', [
      ['1', 'y'],
      ['2', 'z'],
    ]);
    expect([...(await journal.load('a'))]).toEqual([
      ['1', 'y'],
      ['2', 'z'],
    ]);
    expect((await journal.load('b')).size).toBe(0);
  });

  it('forgets the Query that was written longest ago when there are too many', async () => {
    const journal = new ProcessJournal(2);
    for (const query of ['a', 'b', 'a', 'c']) await journal.save(query, [['k', 'v']]);
    const known = ['a', 'b', 'c'].map(async (query) => (await journal.load(query)).size);
    expect(await Promise.all(known)).toEqual([1, 0, 1]);
  });
});
