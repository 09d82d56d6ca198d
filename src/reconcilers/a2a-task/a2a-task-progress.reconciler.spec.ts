import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { unavailable } from '../../kit/index.js';
import { A2ATask, type A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { withPhase } from '../../resources/a2a-task/task-phase.js';
import { PUSH_HEARD_AT } from '../../resources/labels.js';
import type { QueryPhase } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import { A2aTaskProgressReconciler } from './a2a-task-progress.reconciler.js';
import { HostedTasks } from './hosted-tasks.js';

const KEY = { namespace: 'n', name: 't' };

class ScriptedServer extends HostedTasks {
  looks = 0;
  cancels = 0;
  answer: (task: A2ATask) => A2ATaskStatus | Promise<A2ATaskStatus> = ({ status = {} }) => status;

  async look(task: A2ATask): Promise<A2ATaskStatus> {
    this.looks += 1;
    return this.answer(task);
  }

  async cancel(): Promise<void> {
    this.cancels += 1;
    throw unavailable('not cancelable');
  }
}

describe('a task on an A2A server', () => {
  let context: FakeContext;
  let server: ScriptedServer;
  let reconciler: A2aTaskProgressReconciler;
  let mine: boolean;
  const put = (status: A2ATaskStatus, query?: QueryPhase, hosted = true, name = KEY.name, host = 's') => {
    if (query)
      context.put({
        apiVersion: 'ark.mckinsey.com/v1alpha1',
        kind: 'Query',
        metadata: { namespace: 'n', name: 'q' },
        ...{ spec: {}, status: { phase: query } },
      });
    context.put<A2ATask>({
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'A2ATask',
      metadata: { namespace: 'n', name, uid: `uid-${name}`, generation: 3, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: {
        taskId: 'x',
        queryRef: { name: 'q' },
        agentRef: { name: 'a' },
        ...(hosted ? { a2aServerRef: { name: host } } : {}),
      },
      status,
    });
  };
  const reconcile = (name = KEY.name) => reconciler.reconcile(context.get(A2ATask, { ...KEY, name })!, context);
  const woken = (name: string) => context.woken.filter((key) => key === `n/${name}`).length;
  /** As the machinery does: again when the server has said something. */
  const look = async (name = KEY.name) => {
    const [looks, before] = [server.looks, woken(name)];
    const next = await reconcile(name);
    if (server.looks === looks) return next;
    await eventually(() => woken(name) > before);
    return reconcile(name);
  };
  const status = () => context.get(A2ATask, KEY)?.status;
  const later = (seconds: number) => {
    context.time = new Date(context.time.getTime() + seconds * 1000);
  };
  beforeEach(() => {
    context = new FakeContext();
    server = new ScriptedServer();
    mine = true;
    reconciler = new A2aTaskProgressReconciler(server, { isMine: () => mine });
  });

  it.each<[string, Parameters<typeof put>]>([
    ['whose Query works on it', [{ phase: 'running' }, 'running']],
    ['whose Query waits for a slot', [{ phase: 'running' }, 'pending']],
    ['that has ended', [{ phase: 'completed' }, 'done']],
    ['that is no task of a server', [{ phase: 'input-required' }, 'input-required', false]],
  ])('%s is left alone', async (_what, task) => {
    put(...task);
    expect((await look()).afterMs).toBeUndefined();
    expect(server.looks).toBe(0);
  });

  it('that waits is looked at once per interval, and taken over when it went on elsewhere', async () => {
    put({ phase: 'input-required' }, 'input-required');
    await look();
    await look();
    expect(server.looks).toBe(1);
    server.answer = ({ status: before = {} }) => withPhase('completed', '', before, context.now());
    later(6);
    await look();
    expect(status()).toMatchObject({
      phase: 'completed',
      conditions: [{ status: 'True', reason: 'TaskSucceeded', observedGeneration: 3 }],
    });
  });

  it('is left to the process whose duty it is, which this one may become', async () => {
    put({ phase: 'input-required' }, 'input-required');
    mine = false;
    expect((await look()).afterMs).toBeGreaterThan(0);
    expect([server.looks, context.writes, context.events]).toEqual([0, [], []]);
    mine = true;
    await look();
    expect(server.looks).toBe(1);
  });

  it('is looked at once more each time its server has sent word of it', async () => {
    put({ phase: 'input-required' }, 'input-required');
    await look();
    for (const word of ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z']) {
      const task = context.get(A2ATask, KEY)!;
      context.put<A2ATask>({ ...task, metadata: { ...task.metadata, annotations: { [PUSH_HEARD_AT]: word } } });
      await look();
      await look();
    }
    expect(server.looks).toBe(3);
  });

  it('is looked at ever more rarely while its server is away, which is told once', async () => {
    put({ phase: 'running' });
    server.answer = () => {
      throw unavailable('gone');
    };
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      waits.push(Math.round(((await look()).afterMs ?? 0) / 1000));
      later(400);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(9);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(270);
    expect(waits.at(-1)).toBeLessThanOrEqual(330);
    expect(context.events).toMatchObject([{ type: 'Warning', reason: 'TaskPollingFailed', message: 'gone' }]);
  });

  it.each([402, 429, 503])('is left in peace for half a minute by a server that answers %s', async (status) => {
    put({ phase: 'running' });
    server.answer = () => {
      throw unavailable('too much', { details: { status } });
    };
    expect((await look()).afterMs).toBeGreaterThanOrEqual(27_000);
    later(26);
    await look();
    expect(server.looks).toBe(1);
  });

  it('on a server that hangs holds no worker, and keeps nobody waiting but others there', async () => {
    const answers: ((status: A2ATaskStatus) => void)[] = [];
    server.answer = () => new Promise((resolve) => answers.push(resolve));
    for (let i = 0; i < 100; i++) {
      put({ phase: 'running' }, undefined, true, `hung-${i}`);
      await reconcile(`hung-${i}`);
    }
    const asked = server.looks;
    expect(asked).toBeLessThan(100);
    put({ phase: 'running' }, undefined, true, 'quick', 'other');
    await reconcile('quick');
    expect(server.looks).toBe(asked + 1);
    answers.at(-1)?.(withPhase('completed', '', {}, context.now()));
    await eventually(() => woken('quick') > 0);
    await reconcile('quick');
    expect(context.get(A2ATask, { namespace: 'n', name: 'quick' })?.status?.phase).toBe('completed');
    answers[0]?.({ phase: 'running' });
    await eventually(() => server.looks > asked + 1);
  });

  it('ends in time also while its server hangs', async () => {
    server.answer = () => new Promise(() => undefined);
    put({ phase: 'running' });
    expect((await reconcile()).afterMs).toBe(12 * 3_600_000);
    later(12 * 3600 + 1);
    await reconcile();
    expect(status()).toMatchObject({ phase: 'failed', conditions: [{ reason: 'TaskTimeout' }] });
  });

  it('that somebody changed while its server was asked is asked for again', async () => {
    put({ phase: 'input-required' }, 'input-required');
    server.answer = () => {
      if (server.looks === 1) put({ phase: 'auth-required' }, 'input-required');
      return withPhase('completed', '', {}, context.now());
    };
    await expect(look()).rejects.toMatchObject({ family: 'Conflict' });
    expect(status()?.phase).toBe('auth-required');
    await look();
    expect(status()?.phase).toBe('completed');
  });

  it('is stopped with its canceled Query, whatever its server says to that', async () => {
    put({ phase: 'input-required' }, 'canceled');
    await look();
    expect(server.cancels).toBe(1);
    expect(status()).toMatchObject({
      phase: 'cancelled',
      conditions: [{ reason: 'TaskCancelled', observedGeneration: 3 }],
    });
  });

  it('ends when its time is over', async () => {
    put({ phase: 'running' });
    later(12 * 3600 + 1);
    await look();
    expect(server.cancels).toBe(1);
    expect(status()).toMatchObject({
      phase: 'failed',
      error: 'No end within 12h0m0s (spec.timeout)',
      conditions: [{ status: 'True', reason: 'TaskTimeout' }],
    });
  });
});
