import { describe, expect, it } from '@jest/globals';
import { invalid, unavailable } from '../kit/index.js';
import { waitingForServer } from './patience.js';

describe('the patience with a database server', () => {
  const { signal } = new AbortController();

  it('does the work again when the server is back, and tells it so', async () => {
    const tries: boolean[] = [];
    const work = async (again: boolean) => {
      tries.push(again);
      if (tries.length < 3) throw unavailable('starting up');
      return 'done';
    };
    expect(await waitingForServer(work, signal)).toBe('done');
    expect(tries).toEqual([false, true, true]);
  });

  it('is not for mistakes, nor for those who gave up', async () => {
    const fail = (error: Error) => {
      let tries = 0;
      const work = async () => {
        tries += 1;
        throw error;
      };
      return { work, tries: () => tries };
    };
    const mistake = fail(invalid('no such table'));
    await expect(waitingForServer(mistake.work, signal)).rejects.toThrow('no such table');
    const late = fail(unavailable('away'));
    await expect(waitingForServer(late.work, AbortSignal.abort())).rejects.toThrow('away');
    expect([mistake.tries(), late.tries()]).toEqual([1, 1]);
  });
});
