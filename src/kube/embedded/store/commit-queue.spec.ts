import { describe, expect, it } from '@jest/globals';
import { CommitQueue } from './commit-queue.js';

describe('the commit queue', () => {
  it('commits what one turn submits together', async () => {
    const batches: number[][] = [];
    const queue = new CommitQueue<number>(
      async (changes) => void batches.push(changes),
      () => {},
    );
    await Promise.all([queue.submit(1), queue.submit(2), queue.submit(3)]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('collects what comes during a commit for the next one', async () => {
    const batches: number[][] = [];
    const later: Promise<void>[] = [];
    const queue: CommitQueue<number> = new CommitQueue(
      async (changes) => {
        batches.push(changes);
        if (batches.length === 1) for (const value of [2, 3]) later.push(queue.submit(value));
      },
      () => {},
    );
    await queue.submit(1);
    await Promise.all(later);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('answers only after the commit', async () => {
    const seen: string[] = [];
    const queue = new CommitQueue<number>(
      async () => {
        await Promise.resolve();
        seen.push('committed');
      },
      () => {},
    );
    await queue.submit(1).then(() => seen.push('answered'));
    expect(seen).toEqual(['committed', 'answered']);
  });

  it('fails all that was built on a lost commit, and goes on after that', async () => {
    let broken = true;
    const later: Promise<unknown>[] = [];
    let forgotten = 0;
    const queue: CommitQueue<number> = new CommitQueue(
      async () => {
        if (!broken) return;
        later.push(queue.submit(2).catch((error: Error) => error.message));
        throw new Error('disk full');
      },
      () => forgotten++,
    );
    await expect(queue.submit(1)).rejects.toThrow('disk full');
    expect(await Promise.all(later)).toEqual(['disk full']);
    expect(forgotten).toBe(1);
    broken = false;
    await expect(queue.submit(3)).resolves.toBeUndefined();
  });
});
