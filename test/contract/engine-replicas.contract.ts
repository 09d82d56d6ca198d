import { ListTasksRequest, type Task, TaskState } from '@a2a-js/sdk';
import { type Client, ClientFactory } from '@a2a-js/sdk/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Engine, type EngineEvent, type ExecutionContext, ExecutionEngine, text } from '../../src/kit/index.js';
import { silentLogger } from '../../src/kit/testing/index.js';
import { Holders } from '../../src/machinery/leadership/holders.js';
import { Storage } from '../../src/storage/storage.js';
import { EngineProcess } from '../harness/engine-process.js';
import { eventually } from '../harness/eventually.js';
import { agent, query } from '../harness/manifests.js';
import { MemoryObjects } from '../harness/memory-objects.js';
import { type PostgresServer, postgresPrograms, startPostgres } from '../harness/postgres.js';

const REF = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1/ref';

/** Says a word, those that it is told to, and a last one when it is let go. */
class Hesitant implements Engine {
  private goes: ((words?: string) => void)[] = [];
  stopped = 0;

  async *execute(_request: unknown, { signal }: ExecutionContext): AsyncIterable<EngineEvent> {
    yield text('one ');
    const next = () =>
      new Promise<string | undefined>((go, stop) => {
        this.goes.push(go);
        signal.addEventListener('abort', () => stop(signal.reason as Error));
      });
    signal.addEventListener('abort', () => {
      this.stopped += 1;
    });
    for (let words = await next(); words; words = await next()) yield text(words);
    yield text('two');
  }

  say(words: string): void {
    for (const go of this.goes.splice(0)) go(words);
  }

  goOn(): void {
    for (const go of this.goes.splice(0)) go();
  }
}
ExecutionEngine({ name: 'hesitant', description: 'Takes its time' })(Hesitant);

const message = {
  tenant: '',
  message: {
    ...{ messageId: 'm', contextId: 'thread', taskId: '', role: 1, extensions: [], referenceTaskIds: [] },
    parts: [{ content: { $case: 'text' as const, value: 'go' }, metadata: undefined, filename: '', mediaType: '' }],
    metadata: { [REF]: { name: 'q', namespace: 'default' } },
  },
  configuration: undefined,
  metadata: undefined,
};

// What the replica that works on a task knows of it, the others say too.
(postgresPrograms() ? describe : describe.skip)('tasks of engines in replicas on one PostgreSQL', () => {
  let database: PostgresServer;
  const dead = new Set<string>();
  const engines = { here: new Hesitant(), there: new Hesitant() };
  const storages: Storage[] = [];
  let [here, there] = [] as EngineProcess[];
  let [asked, other] = [] as Client[];
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database?.stop());
  beforeEach(async () => {
    dead.clear();
    const start = async (self: keyof typeof engines) => {
      const storage = new Storage({ dataDir: '/nowhere', databaseUrl: database.url }, silentLogger);
      storages.push(storage);
      await storage.database();
      const holders = { self, isAlive: (holder: string) => !dead.has(holder) };
      const more = [
        { provide: Storage, useValue: storage },
        { provide: Holders, useValue: holders },
      ];
      const objects = new MemoryObjects().put(
        agent('a', { prompt: 'Go.', executionEngine: { name: 'hesitant' } }),
        query('q', { input: 'go', target: { type: 'agent', name: 'a' } }),
      );
      return EngineProcess.listenWith(more, objects, engines[self] as never);
    };
    [here, there] = (await Promise.all([start('here'), start('there')])) as [EngineProcess, EngineProcess];
    const client = ({ url }: EngineProcess) => new ClientFactory().createFromUrl(`${url}/engines/hesitant/`);
    [asked, other] = (await Promise.all([client(here), client(there)])) as [Client, Client];
    await eventually(() => expect(storages.map(({ news }) => news.live)).toEqual([true, true]));
  });
  afterEach(async () => {
    await Promise.all([here?.close(), there?.close()]);
    // They are closed with their processes.
    storages.length = 0;
  });

  /** A task that has said its first word. */
  async function begun() {
    const stream = asked!.sendMessageStream(message);
    const { id } = (await stream.next()).value!.payload!.value as Task;
    await stream.next();
    const rest = (async () => {
      for await (const _ of stream);
    })();
    return { id, rest };
  }
  const stateOf = async (client: Client, id: string) =>
    (await client.getTask({ tenant: '', id, historyLength: 0 })).status?.state;

  it('are known to all, and followed by whoever asks another one', async () => {
    const { id, rest } = await begun();
    expect(await stateOf(other!, id)).toBe(TaskState.TASK_STATE_WORKING);
    const followed = other!.resubscribeTask({ tenant: '', id });
    expect((await followed.next()).value?.payload).toMatchObject({ $case: 'task', value: { id } });
    // What was said before somebody followed, too.
    expect((await followed.next()).value?.payload).toMatchObject({
      $case: 'artifactUpdate',
      value: { taskId: id, append: false, artifact: { parts: [{ content: { value: 'one ' } }] } },
    });
    engines.here.say('and a half ');
    expect((await followed.next()).value?.payload).toMatchObject({
      $case: 'artifactUpdate',
      value: { taskId: id, append: true, artifact: { parts: [{ content: { value: 'and a half ' } }] } },
    });
    engines.here.goOn();
    await rest;
    expect((await followed.next()).value?.payload).toMatchObject({
      $case: 'task',
      value: {
        status: { state: TaskState.TASK_STATE_COMPLETED },
        artifacts: [{ parts: [{ content: { value: 'one and a half two' } }] }],
      },
    });
    expect((await followed.next()).done).toBe(true);
    const { tasks } = await other!.listTasks(ListTasksRequest.fromJSON({ contextId: 'thread' }));
    expect(tasks.find((task) => task.id === id)?.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
  });

  it('are canceled where they run, whoever is asked', async () => {
    const { stopped } = engines.here;
    const { id, rest } = await begun();
    expect((await other!.cancelTask({ tenant: '', id, metadata: {} })).status?.state).toBe(
      TaskState.TASK_STATE_CANCELED,
    );
    await eventually(() => expect(engines.here.stopped).toBe(stopped + 1));
    await rest;
    for (const client of [asked, other]) expect(await stateOf(client!, id)).toBe(TaskState.TASK_STATE_CANCELED);
  });

  it('go on, and are known where they run, when the database goes away', async () => {
    const { id, rest } = await begun();
    await database.crash();
    try {
      engines.here.goOn();
      await rest;
      expect(await stateOf(asked!, id)).toBe(TaskState.TASK_STATE_COMPLETED);
      await expect(stateOf(other!, id)).rejects.toThrow();
    } finally {
      await database.restart();
    }
  });

  it('have failed when the replica that worked on them is gone', async () => {
    const { id, rest } = await begun();
    dead.add('here');
    const task = await other!.getTask({ tenant: '', id, historyLength: 0 });
    expect(task.status).toMatchObject({
      state: TaskState.TASK_STATE_FAILED,
      message: { parts: [{ content: { value: expect.stringContaining('send the message again') } }] },
    });
    engines.here.goOn();
    await rest;
  });
});
