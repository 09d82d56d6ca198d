import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/harness/eventually.js';
import { FakeContext } from './fake-context.js';
import { Polls, pollMs, type Question } from './polls.js';

const object = (name: string, generation = 1) => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { namespace: 'n', name, uid: name, generation },
  spec: { pollInterval: '10s' },
});

describe('foreign hosts that are asked from time to time', () => {
  let context: FakeContext;
  let polls: Polls<string>;
  let mine: boolean;
  let begun: string[];
  let open: Map<string, (answer: string) => void>;
  const question = (name: string, rest: Partial<Question<string>> = {}): Question<string> => ({
    host: 'example.com',
    askedWith: 'key',
    ask: () => {
      begun.push(name);
      return new Promise((resolve) => open.set(name, resolve));
    },
    ...rest,
  });
  const look = (name: string, rest?: Partial<Question<string>>, generation?: number) =>
    polls.look(object(name, generation), question(name, rest), context);
  const answered = async (name: string, answer: string) => {
    const before = context.woken.length;
    open.get(name)?.(answer);
    await eventually(() => context.woken.length > before);
  };
  const pass = (seconds: number) => {
    context.time = new Date(context.time.getTime() + seconds * 1_000);
  };
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
    polls = new Polls<string>({ isMine: () => mine });
    begun = [];
    open = new Map();
  });
  afterEach(() => context.stopping.abort());

  it('are asked in the background, and the answer wakes who wants it', async () => {
    expect(look('a')).toEqual({ answer: undefined, next: { afterMs: undefined } });
    expect(look('a').answer).toBeUndefined();
    expect(begun).toEqual(['a']);
    await answered('a', 'yes');
    expect(context.woken).toEqual(['n/a']);
    const known = look('a');
    expect(known.answer).toBe('yes');
    expect(known.next.afterMs).toBeGreaterThanOrEqual(9_000);
    pass(11);
    expect(look('a').answer).toBe('yes');
    expect(begun).toEqual(['a', 'a']);
  });

  it('that hang keep only their own callers waiting', async () => {
    for (let i = 0; i < 40; i++) look(`dead${i}`, { host: 'dead.example.com' });
    expect(begun).toHaveLength(32);
    look('alive');
    await answered('alive', 'here');
    expect(look('alive').answer).toBe('here');
    await answered('dead0', 'late');
    expect(begun).toContain('dead32');
    polls.forget('dead39');
    for (let i = 1; i < 39; i++) await answered(`dead${i}`, 'late');
    expect(begun).not.toContain('dead39');
  });

  it('are asked anew when what they are asked with changes, and an old answer is not heard', async () => {
    look('a');
    const stale = open.get('a');
    look('a', { askedWith: 'other' });
    stale?.('old');
    await answered('a', 'new');
    expect(look('a', { askedWith: 'other' }).answer).toBe('new');
    look('a', { askedWith: 'other' }, 2);
    expect(begun).toHaveLength(3);
  });

  it('are asked again sooner after failures, less soon each time', async () => {
    const failed = () => true;
    look('a', { failed });
    for (const seconds of [2, 4, 8]) {
      await answered('a', 'no');
      expect(look('a', { failed }).next.afterMs).toBe(seconds * 1_000);
      pass(seconds);
      look('a', { failed });
    }
    expect(begun).toHaveLength(4);
  });

  it('are left to the process whose duty they are', async () => {
    look('a');
    await answered('a', 'yes');
    expect(polls.othersDuty(object('a'))).toBeUndefined();
    mine = false;
    expect(polls.othersDuty(object('a'))?.afterMs).toBeGreaterThanOrEqual(9_000);
    mine = true;
    expect(look('a').answer).toBeUndefined();
  });

  it('that are asked in a wrong way are a bug, told once', async () => {
    look('a', { ask: () => Promise.reject(new TypeError('a bug')) });
    await eventually(() => context.woken.length > 0);
    expect(() => look('a')).toThrow('a bug');
    look('a');
    expect(begun).toEqual(['a']);
  });

  it('are not all asked at the same moment: their pauses are spread over a tenth more and less of the interval', () => {
    const pauses = Array.from({ length: 500 }, () => pollMs(object('a')));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(9_000);
    expect(Math.max(...pauses)).toBeLessThan(11_000);
    // Of each fifth of the spread there are a hundred on the average.
    const fifths = new Set(pauses.map((pause) => Math.floor((pause - 9_000) / 400)));
    expect([...fifths].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
