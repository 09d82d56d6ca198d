import { beforeEach, describe, expect, it } from '@jest/globals';
import { conflict } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import type { ClaimedQuery } from './query-claim.js';
import { RemoteTask } from './remote-task.js';

const TASK = { taskId: 't-1', contextId: 'c-1' };

describe('the task of another server that works on a Query', () => {
  let context: FakeContext;
  let claimed: ClaimedQuery;
  beforeEach(() => {
    context = new FakeContext();
    claimed = context.put({
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Query',
      metadata: { name: 'q', namespace: 'n', uid: 'u' },
      spec: { input: 'hi' },
      status: { phase: 'running', claim: { id: 'c', holder: 'me', attempt: 1, since: '2026-01-01T00:00:00Z' } },
    } as Query as ClaimedQuery);
  });
  const until = async (holds: () => boolean) => {
    for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(holds()).toBe(true);
  };

  it('stands in the status once it works for a while, written once however often it is spoken of', async () => {
    const task = new RemoteTask(claimed, context, 5);
    for (let i = 0; i < 10; i++) task.heard({ ...TASK });
    await until(() => context.writes.length === 1);
    task.heard(TASK);
    await task.stop();
    expect(context.writes).toEqual([{ ...claimed.status, a2a: TASK }]);
  });

  it('costs no write when it ends soon', async () => {
    const task = new RemoteTask(claimed, context, 60_000);
    task.heard(TASK);
    await task.stop();
    expect(context.writes).toEqual([]);
    expect(task.in(claimed).status?.a2a).toEqual(TASK);
  });

  it('is not written again when it is followed by whoever took the Query over', async () => {
    const resumed = { ...claimed, status: { ...claimed.status, a2a: TASK } };
    const task = new RemoteTask(resumed, context, 1);
    task.heard(TASK);
    await task.stop();
    expect(context.writes).toEqual([]);
  });

  it('is written although the Query changed meanwhile', async () => {
    context.refusals.push(conflict('the object has changed'));
    const task = new RemoteTask(claimed, context, 1);
    task.heard(TASK);
    await until(() => context.writes.length === 1);
    await task.stop();
  });

  it('is not written into a Query that has ended', async () => {
    context.put({ ...claimed, status: { ...claimed.status, phase: 'canceled' } });
    let looked = false;
    const get = context.get.bind(context);
    context.get = (kind, key) => {
      looked = true;
      return get(kind, key);
    };
    const task = new RemoteTask(claimed, context, 1);
    task.heard(TASK);
    await until(() => looked);
    await task.stop();
    expect(context.writes).toEqual([]);
  });
});
