import { type SendMessageRequest, type Task, TaskState } from '@a2a-js/sdk';
import type { Transport } from '@a2a-js/sdk/client';
import { TaskNotFoundError } from '@a2a-js/sdk/errors';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { taskStatus, workingTask } from '../../engine-host/a2a-parts.js';
import { timeout, unavailable } from '../../kit/index.js';
import { FakeClock, turn } from '../../machinery/controller/fakes/fake-clock.js';
import { type Absence, Conversation } from './conversation.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const working = workingTask('t', 'c', []);
const done: Task = { ...working, status: taskStatus(TaskState.TASK_STATE_COMPLETED) };
const status = (code: number, { retryAfterMs, isA2a = true }: { retryAfterMs?: number; isA2a?: boolean } = {}) =>
  unavailable(`unexpected http status ${code}: `, {
    reason: 'UnexpectedStatus',
    details: { status: code, isA2a },
    retryAfterMs,
  });

describe('a task that goes on at a server', () => {
  let clock: FakeClock;
  let start: number;
  let looks: number[];
  let canceled: string[];
  let absences: Absence[];
  let abort: AbortController;
  /** What the server answers to a look: a task, or an error thrown. */
  let seen: () => Task;
  beforeEach(() => {
    clock = new FakeClock();
    start = clock.elapsed();
    looks = [];
    canceled = [];
    absences = [];
    abort = new AbortController();
  });

  async function begin() {
    const transport = {
      sendMessage: async () => working,
      getTask: async () => {
        looks.push(clock.elapsed() - start);
        return seen();
      },
      cancelTask: async ({ id }: { id: string }) => void canceled.push(id),
    } as unknown as Transport;
    const conversation = new Conversation(
      { transport, headers: {}, streaming: false },
      {
        request: {} as SendMessageRequest,
        signal: abort.signal,
        clock,
        onText: () => {},
        whileAway: (absence, pause) => {
          absences.push(absence);
          return pause();
        },
      },
    );
    const end = conversation.answer().then(
      (answer) => ({ answer }),
      (error: Error) => ({ error }),
    );
    await turn();
    return { conversation, end };
  }

  it('is followed to its end when the server is away for half an hour', async () => {
    const back = start + 30 * MINUTE;
    seen = () => {
      if (clock.elapsed() >= back) return done;
      throw new TypeError('fetch failed');
    };
    const { end } = await begin();
    await clock.pass(36 * MINUTE);
    expect(await end).toEqual({ answer: done });
    expect(absences.map(({ failures }) => failures)).toEqual(absences.map((_, i) => i + 1));
    const pauses = looks.slice(1).map((at, i) => at - (looks[i] ?? 0));
    expect(pauses[0]).toBeLessThan(SECOND);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5.5 * MINUTE);
    expect(looks.length).toBeLessThan(25);
  });

  it('is followed to its end when an ingress in front of the server answers 404 for a while', async () => {
    const back = start + MINUTE;
    seen = () => {
      if (clock.elapsed() >= back) return done;
      throw status(404, { isA2a: false });
    };
    const { end } = await begin();
    await clock.pass(3 * MINUTE);
    expect(await end).toEqual({ answer: done });
  });

  it('is looked at as often as before when the server is back', async () => {
    let isAway = true;
    seen = () => {
      if (isAway) throw new TypeError('fetch failed');
      return working;
    };
    await begin();
    await clock.pass(10 * MINUTE);
    isAway = false;
    await clock.pass(6 * MINUTE);
    const before = looks.length;
    await clock.pass(30 * SECOND);
    expect(looks.length).toBeGreaterThanOrEqual(before + 5);
  });

  it.each([402, 429, 503])('is not looked at for half a minute after status %d', async (code) => {
    seen = () => {
      if (looks.length > 1) return done;
      throw status(code);
    };
    const { end } = await begin();
    await clock.pass(30 * SECOND - 1);
    expect(looks).toEqual([0]);
    await clock.pass(5 * SECOND);
    expect(await end).toEqual({ answer: done });
  });

  it('is not looked at before the server wants to be asked', async () => {
    seen = () => {
      if (looks.length > 1) return done;
      throw new Error('the wire says', { cause: status(503, { retryAfterMs: 120 * SECOND }) });
    };
    const { end } = await begin();
    await clock.pass(120 * SECOND - 1);
    expect(looks).toEqual([0]);
    await clock.pass(20 * SECOND);
    expect(await end).toEqual({ answer: done });
  });

  it.each<[string, Error]>([
    ['the server does not know it', new TaskNotFoundError()],
    ['the server says so in words only', new Error('Task not found')],
    ...[401, 403, 404].map((code): [string, Error] => [`the door answers ${code}`, status(code)]),
  ])('is given up at once when %s', async (_, error) => {
    seen = () => {
      throw error;
    };
    expect(await (await begin()).end).toEqual({ error });
    expect(looks).toEqual([0]);
  });

  it('is waited for until nobody does any more, and told to stop then', async () => {
    seen = () => {
      throw status(503);
    };
    const { conversation, end } = await begin();
    await clock.pass(10 * MINUTE);
    const late = timeout('context deadline exceeded');
    abort.abort(late);
    await turn();
    expect(await end).toEqual({ error: late });
    expect(clock.nextIn).toBeUndefined();
    await conversation.cancel();
    expect(canceled).toEqual(['t']);
  });
});
