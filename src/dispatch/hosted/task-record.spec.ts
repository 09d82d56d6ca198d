import { type Message, type Task, TaskState } from '@a2a-js/sdk';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import type { KubeObject, ResourceType } from '../../kit/index.js';
import { StatusError } from '../../kube/api-server/status.js';
import { RecordingServer } from '../../machinery/controller/fakes/recording-server.js';
import type { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { withPhase } from '../../resources/a2a-task/task-phase.js';
import type { Query } from '../../resources/query/query.resource.js';
import { hostedMessage } from './hosted-message.js';
import { type RecordOf, TaskRecord } from './task-record.js';

/** Keeps one A2ATask, with versions. */
class OneTask extends RecordingServer {
  task?: A2ATask;
  updates = 0;
  private version = 0;

  /** What anybody writes. */
  put(change: Partial<A2ATask>): A2ATask {
    this.version += 1;
    const { metadata, ...rest } = { ...(this.task as A2ATask), ...change };
    this.task = { ...rest, metadata: { ...metadata, resourceVersion: String(this.version) } };
    return this.task;
  }

  override async create<T extends KubeObject>(_type: ResourceType, object: T): Promise<T> {
    return this.put(object as Partial<KubeObject>) as KubeObject as T;
  }

  override async get<T extends KubeObject>(): Promise<T> {
    return this.task as KubeObject as T;
  }

  override async update<T extends KubeObject>(_type: ResourceType, object: T): Promise<T> {
    this.updates += 1;
    if (object.metadata.resourceVersion !== this.task?.metadata.resourceVersion) {
      throw new StatusError('Conflict', 'the object has been modified');
    }
    return this.put({ status: (object as KubeObject as A2ATask).status }) as KubeObject as T;
  }
}

const task = (state: TaskState): Task => ({
  ...{ id: 't', contextId: 'c', artifacts: [], history: [], metadata: undefined },
  status: { state, message: undefined, timestamp: undefined },
});

describe('the record of an exchange with an A2A server', () => {
  let server: OneTask;
  let record: TaskRecord;
  const phase = () => server.task?.status?.phase;
  const somebodyEnds = () => server.put({ status: withPhase('cancelled', 'by hand', {}, new Date()) });
  let of: RecordOf;
  beforeEach(async () => {
    server = new OneTask();
    const query = {
      apiVersion: 'v1',
      kind: 'Query',
      metadata: { namespace: 'n', name: 'q', uid: 'u' },
      spec: {},
    } as Query;
    const asked = hostedMessage({ text: 'x', messageId: 'm' }).message as Message;
    of = { query, agent: 'a', a2aServer: 's', asked, alone: true };
    record = new TaskRecord(server, rememberingLogger(), of);
    record.heard(task(TaskState.TASK_STATE_WORKING));
    await record.written();
    expect([phase(), server.updates]).toEqual(['running', 1]);
  });

  it.each<[string, () => Promise<void>]>([
    ['an answer', () => record.ended(task(TaskState.TASK_STATE_COMPLETED))],
    ['a failure', () => record.failed('lost')],
    ['a cancellation', () => record.cancelled('not wanted')],
  ])('leaves an end that somebody else has written, whatever it knows better: %s', async (_what, write) => {
    const theirs = somebodyEnds();
    await write();
    expect(server.task).toBe(theirs);
    record.heard(task(TaskState.TASK_STATE_WORKING));
    await record.written();
    expect(server.task).toBe(theirs);
  });

  it('says which generation of the task it speaks of', async () => {
    const { metadata } = server.task as A2ATask;
    server.put({ metadata: { ...metadata, generation: 2 } });
    await record.ended(task(TaskState.TASK_STATE_COMPLETED));
    expect(server.task?.status?.conditions).toMatchObject([{ reason: 'TaskSucceeded', observedGeneration: 2 }]);
  });

  it('takes in what somebody else has written, and loses nothing of its own', async () => {
    const { metadata } = server.task as A2ATask;
    server.put({ metadata: { ...metadata, annotations: { heard: 'now' } } });
    await record.ended(task(TaskState.TASK_STATE_COMPLETED));
    expect(server.task).toMatchObject({ metadata: { annotations: { heard: 'now' } }, status: { phase: 'completed' } });
    expect(server.updates).toBe(3);
  });

  it.each([
    [undefined, 'completed'],
    [true, 'completed'],
    [false, undefined],
  ])('is kept of a plain message when that is wanted: %s', async (messages, kept) => {
    server.task = undefined;
    record = new TaskRecord(server, rememberingLogger(), { ...of, messages });
    await record.ended(of.asked);
    expect(server.task && phase()).toBe(kept);
  });

  it('is kept of a task that ends with a message, whatever is wanted of messages', async () => {
    server.task = undefined;
    record = new TaskRecord(server, rememberingLogger(), { ...of, messages: false });
    record.heard(task(TaskState.TASK_STATE_WORKING));
    await record.ended(of.asked);
    expect(phase()).toBe('completed');
  });

  it('goes on after a failure of its own, as the next attempt does', async () => {
    await record.failed('lost');
    await record.ended(task(TaskState.TASK_STATE_COMPLETED));
    expect(phase()).toBe('completed');
  });
});
