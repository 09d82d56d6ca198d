import { describe, expect, it } from '@jest/globals';
import { FakeClock, turn } from './fakes/fake-clock.js';
import { WorkQueue } from './work-queue.js';

function setUp(concurrency = 2) {
  const clock = new FakeClock();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const queue = new WorkQueue({
    concurrency,
    clock,
    work: (key) => {
      begun.push(key);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  queue.start();
  const endNext = async () => {
    ends.shift()?.();
    await turn();
  };
  return { clock, queue, begun, endNext };
}

describe('the work queue', () => {
  it('works on different keys at once, up to its limit, first come first served', async () => {
    const { queue, begun, endNext } = setUp(2);
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    expect(begun).toEqual(['a', 'b']);
    await endNext();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('tells how many wait and are worked on, and how long the first of them has waited', async () => {
    const { clock, queue, endNext } = setUp(1);
    queue.add('a');
    queue.add('b');
    await clock.pass(1_500);
    queue.add('c');
    expect(queue.backlog).toEqual({ waiting: 2, oldestMs: 1_500, running: 1 });
    await endNext();
    expect(queue.backlog).toEqual({ waiting: 1, oldestMs: 0, running: 1 });
    await endNext();
    await endNext();
    expect(queue.backlog).toEqual({ waiting: 0, oldestMs: 0, running: 0 });
  });

  it('never works on a key twice at once, and once more after it was added meanwhile', async () => {
    const { queue, begun, endNext } = setUp();
    queue.add('a');
    queue.add('a');
    queue.add('a');
    expect(begun).toEqual(['a']);
    await endNext();
    expect(begun).toEqual(['a', 'a']);
    await endNext();
    expect(begun).toEqual(['a', 'a']);
  });

  it('lets others have their turn, however many keys wait', async () => {
    const begun: string[] = [];
    const work = async (key: string) => void begun.push(key);
    const queue = new WorkQueue({ concurrency: 2, clock: new FakeClock(), work });
    for (let key = 0; key < 1_000; key++) queue.add(String(key));
    queue.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun.length).toBeLessThan(1_000);
    while (queue.size > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(Array.from({ length: 1_000 }, (_, key) => String(key)));
  });

  it('forgets a key that waits, and lets it stand in line anew', async () => {
    const { queue, begun, endNext } = setUp(1);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    queue.forget('b');
    queue.add('b');
    for (let left = 3; left > 0; left--) await endNext();
    queue.add('a');
    expect(begun).toEqual(['a', 'c', 'b', 'a']);
  });

  it('keeps keys added before it starts', () => {
    const begun: string[] = [];
    const work = async (key: string) => void begun.push(key);
    const queue = new WorkQueue({ concurrency: 1, clock: new FakeClock(), work });
    queue.add('a');
    expect(begun).toEqual([]);
    queue.start();
    expect(begun).toEqual(['a']);
  });

  it('adds later, and the shorter of two delays holds', async () => {
    const { clock, queue, begun } = setUp();
    queue.addAfter('a', 1000);
    queue.addAfter('a', 100);
    queue.addAfter('a', 5000);
    await clock.pass(99);
    expect(begun).toEqual([]);
    await clock.pass(1);
    expect(begun).toEqual(['a']);
  });

  it('calls a delay off when work on the key begins earlier', async () => {
    const { clock, queue, begun, endNext } = setUp();
    queue.addAfter('a', 1000);
    queue.add('a');
    await endNext();
    await clock.pass(2000);
    expect(begun).toEqual(['a']);
  });

  it('stops when the running work is done and begins nothing more', async () => {
    const { clock, queue, begun, endNext } = setUp(1);
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    await clock.pass(20);
    expect(stopped).toBe(false);
    await endNext();
    await stopping;
    queue.add('d');
    expect(begun).toEqual(['a']);
  });
});
