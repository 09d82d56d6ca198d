import { describe, expect, it } from '@jest/globals';
import { FewAtOnce } from './few-at-once.js';

describe('work of which a few pieces run at once', () => {
  const full = () => new Error('full');
  const piece = () => {
    let end = () => {};
    const done = new Promise<string>((resolve) => {
      end = () => resolve('done');
    });
    return { end: () => end(), done };
  };

  it('waits its turn, and is refused when too much of it waits', async () => {
    const few = new FewAtOnce(2, 1);
    const pieces = [piece(), piece(), piece()];
    const begun: number[] = [];
    const runs = pieces.map(({ done }, i) =>
      few.run(() => {
        begun.push(i);
        return done;
      }, full),
    );
    await expect(few.run(async () => 'x', full)).rejects.toThrow('full');
    expect(begun).toEqual([0, 1]);
    pieces[1]?.end();
    expect(await runs[1]).toBe('done');
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of pieces) end();
    await Promise.all(runs);
    expect(await few.run(async () => 'after', full)).toBe('after');
  });

  it('gives its place back when it fails', async () => {
    const few = new FewAtOnce(1, 0);
    for (const words of ['one', 'two']) {
      await expect(few.run(() => Promise.reject(new Error(words)), full)).rejects.toThrow(words);
    }
  });
});
