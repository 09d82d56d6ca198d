import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { abortable } from './abortable.js';

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

describe('an abortable source', () => {
  it('passes everything on when nobody aborts', async () => {
    const source = (async function* () {
      yield 1;
      yield 2;
    })();
    expect(await collect(abortable(source, new AbortController().signal))).toEqual([1, 2]);
  });

  it('ends with the reason at once, although the source hangs and never listens', async () => {
    const abort = new AbortController();
    const hanging = (async function* () {
      yield 'first';
      await new Promise(() => {});
    })();
    const values = abortable(hanging, abort.signal);
    expect((await values.next()).value).toBe('first');
    const next = values.next();
    abort.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
  });

  it('tells the source to stop', async () => {
    let stopped = false;
    const endless: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: async () => {
          stopped = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const abort = new AbortController();
    for await (const _ of abortable(endless, abort.signal)) break;
    await eventually(() => expect(stopped).toBe(true));
  });

  it('gives the reason of the signal, not what the source makes of it', async () => {
    const abort = new AbortController();
    const complaining = (async function* () {
      yield 1;
      abort.abort(new Error('deadline'));
      throw new Error('AbortError of some library');
    })();
    await expect(collect(abortable(complaining, abort.signal))).rejects.toThrow('deadline');
  });

  it('lets the clock abort a source that never waits for anything', async () => {
    const abort = new AbortController();
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 5);
    setTimeout(() => abort.abort(new Error('the time is over')), 50);
    const until = performance.now() + 3_000;
    const babbling = (async function* () {
      while (performance.now() < until) yield 'word ';
    })();
    await expect(collect(abortable(babbling, abort.signal))).rejects.toThrow('the time is over');
    clearInterval(clock);
    expect(ticks).toBeGreaterThan(0);
    expect(performance.now()).toBeLessThan(until);
  });

  it('does not start for a signal that is aborted already', async () => {
    let started = false;
    const source = (async function* () {
      started = true;
      yield 1;
    })();
    await expect(collect(abortable(source, AbortSignal.abort(new Error('late'))))).rejects.toThrow('late');
    expect(started).toBe(false);
  });
});
