import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { memoryBackendSuite, silentLogger } from '../../../src/kit/testing/index.js';
import { Chunks, type StreamNews } from '../../../src/storage/chunks.js';
import { EngineTasks } from '../../../src/storage/engine-tasks.js';
import { JournalEntries } from '../../../src/storage/journal-entries.js';
import { Messages } from '../../../src/storage/messages.js';
import { PushConfigs, type TaskKey } from '../../../src/storage/push-configs.js';
import { PushDeliveries } from '../../../src/storage/push-deliveries.js';
import { SigningKeys } from '../../../src/storage/signing-keys.js';
import { SqlMemory } from '../../../src/storage/sql-memory.js';
import { Storage } from '../../../src/storage/storage.js';
import { eventually } from '../../harness/eventually.js';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../harness/postgres.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

interface Judge {
  name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A connection to the same database each time. */
  open(databaseKeys?: string[]): Storage;
}

function sqlite(): Judge {
  const folder = temporaryFolder({ keep: 'block' });
  let dataDir = '';
  const start = async () => {
    dataDir = join(folder(), 'data');
  };
  return {
    name: 'sqlite',
    start,
    stop: async () => {},
    open: (databaseKeys) => new Storage({ dataDir, databaseKeys }, silentLogger),
  };
}

function postgres(): Judge {
  let server: PostgresServer | undefined;
  return {
    name: 'postgres',
    start: async () => {
      server = await startPostgres();
    },
    stop: async () => server?.stop(),
    open: (databaseKeys) => new Storage({ dataDir: '/nowhere', databaseUrl: server?.url, databaseKeys }, silentLogger),
  };
}

for (const make of [sqlite, postgres]) {
  const absent = make === postgres && postgresPrograms() === undefined;
  (absent ? describe.skip : describe)(`storage on ${make.name}`, () => {
    const judge = make();
    const { name } = judge;
    let storage: Storage;
    let messages: Messages;
    let namespace = 0;
    beforeAll(() => judge.start());
    beforeAll(() => {
      storage = judge.open();
      messages = new Messages(storage);
    });
    afterAll(async () => {
      await storage?.onApplicationShutdown();
      await judge.stop();
    });
    beforeEach(() => {
      namespace += 1;
    });

    memoryBackendSuite(`the database on ${name}`, () => ({
      memory: new SqlMemory(messages, 'mine'),
      stranger: new SqlMemory(messages, 'theirs'),
    }));

    const entry = (queryId: string, ...said: string[]) => ({
      namespace: `n${namespace}`,
      conversationId: 'c',
      queryId,
      messages: said.map((content) => JSON.stringify({ role: 'user', content })),
    });
    const told = async (from = messages) =>
      (await from.page({ namespace: `n${namespace}` }, 0, 100)).map(({ message }) => JSON.parse(message).content);

    it('is set up once when several processes start at the same time', async () => {
      const storages = Array.from({ length: 4 }, () => judge.open());
      await Promise.all(storages.map((each) => each.database()));
      const { rows } = await storages[0]!.database();
      expect(await rows.selectFrom('schema_migrations').select('name').execute()).toEqual([
        { name: '0001-conversations-and-streams' },
        { name: '0002-run-journals' },
        { name: '0003-push-notifications' },
        { name: '0004-api-keys' },
        { name: '0005-engine-tasks' },
      ]);
      await Promise.all(storages.map((each) => each.onApplicationShutdown()));
    });

    it('keeps what it has answered when the process is gone', async () => {
      const other = judge.open();
      await new Messages(other).append(entry('q', 'kept'));
      await other.onApplicationShutdown();
      expect(await told()).toEqual(['kept']);
    });

    it('keeps journals of runs, one per Query, the newest value of each key', async () => {
      const [mine, other] = [`mine-${namespace}`, `other-${namespace}`];
      const journals = new JournalEntries(storage);
      await journals.save(mine, [
        ['a', '1'],
        ['b', '2'],
      ]);
      await journals.save(mine, [['a', '3']]);
      await journals.save(other, [['a', '4']]);
      expect([...(await new JournalEntries(storage).load(mine))].sort()).toEqual([
        ['a', '3'],
        ['b', '2'],
      ]);
      expect(await journals.queries()).toEqual(expect.arrayContaining([mine, other]));
      await journals.forget([mine]);
      expect((await journals.load(mine)).size).toBe(0);
      expect((await journals.load(other)).size).toBe(1);
    });

    const receiver = (id: string) => ({
      ...{ id, url: `http://receiver/${id}`, token: '', scheme: '', credentials: '', protocol: '1.0' },
    });

    it('keeps tasks of engines: what has ended stays, and what nobody changed for a day goes', async () => {
      const [engine, owner] = ['echo', 'ark-1'];
      const tasks = new EngineTasks(storage);
      const save = (id: string, task: string, ended = false) => tasks.save({ engine, id, owner, ended, task });
      await storage.read((rows) =>
        rows
          .insertInto('engine_tasks')
          .values({ engine, id: 'old', owner, ended: 0, task: '{}', changed_at: Date.now() - 90_000_000 })
          .execute(),
      );
      await save('a', '1');
      await save('a', '2', true);
      await save('a', '3');
      await save('b', '1');
      expect(await tasks.load({ engine, id: 'a' })).toMatchObject({ task: '2', ended: true, owner });
      expect(await tasks.load({ engine: 'other', id: 'a' })).toBeUndefined();
      expect((await tasks.list(engine)).map(({ id }) => id).sort()).toEqual(['a', 'b']);
    });

    it('gives each change to be told to one of many processes, and again when that one does not finish', async () => {
      const task = { namespace: 'n', task: `task-${name}` };
      const configs = new PushConfigs(storage);
      for (const id of ['a', 'b']) await configs.save(task, receiver(id));
      const processes = Array.from({ length: 4 }, () => new PushDeliveries(storage));
      await Promise.all(processes.map((each) => each.add(task, '1/done')));
      const taken = (await Promise.all(processes.map((each) => each.take(10, 0)))).flat();
      // A lease of nothing is over at once, so that all of them may have taken each.
      expect(new Set(taken.map(({ config }) => config.id))).toEqual(new Set(['a', 'b']));
      const [deliveries] = processes as [PushDeliveries];
      const again = await deliveries.take(10, 60_000);
      expect(again.map(({ config, change }) => [config.id, change]).sort()).toEqual([
        ['a', '1/done'],
        ['b', '1/done'],
      ]);
      expect((await Promise.all(processes.map((each) => each.take(10, 60_000)))).flat()).toEqual([]);
      expect(await deliveries.nextAt()).toBeGreaterThan(Date.now());
      for (const each of again) await deliveries.finish(each);
      await deliveries.add(task, '1/done');
      expect(await deliveries.nextAt()).toBeUndefined();
    });

    it('forgets who is told, with what was to be told', async () => {
      const [mine, other] = ['mine', 'other'].map((task) => ({ namespace: 'n', task: `${task}-${name}` })) as [
        TaskKey,
        TaskKey,
      ];
      const configs = new PushConfigs(storage);
      const deliveries = new PushDeliveries(storage);
      for (const task of [mine, other]) {
        await configs.save(task, receiver('a'));
        await deliveries.add(task, '1/done');
      }
      await configs.forget([mine]);
      expect(await configs.load(mine)).toEqual([]);
      const soon = new Date(Date.now() + 1_000);
      expect((await configs.tasks(soon)).filter(({ task }) => [mine.task, other.task].includes(task))).toEqual([other]);
      await configs.remove(other, 'a');
      expect(await deliveries.take(10, 60_000)).toEqual([]);
    });

    it('keeps what receivers are owed closed where there is a key, and opens what older keys closed', async () => {
      const [old, fresh] = ['o'.repeat(32), 'n'.repeat(32)];
      const [first, rotated] = [judge.open([old]), judge.open([fresh, old])];
      const task = { namespace: 'n', task: `closed-${name}` };
      const secret = { ...receiver('a'), token: 'hunter22', scheme: 'Bearer', credentials: 'hunter23' };
      await new PushConfigs(first).save(task, secret);
      const rows = await storage.read((all) =>
        all.selectFrom('push_configs').selectAll().where('task', '=', task.task).execute(),
      );
      expect(JSON.stringify(rows)).toMatch(/sealed:1:.*sealed:1:/);
      expect(JSON.stringify(rows)).not.toContain('hunter2');
      expect(await new PushConfigs(rotated).load(task)).toEqual([secret]);
      await expect(new PushConfigs(storage).load(task)).rejects.toThrow('which is not in ARK_DATABASE_KEYS');
      // Whoever lacks the key takes nothing from others, nor any of their tries.
      await new PushDeliveries(storage).add(task, '1/done');
      expect(await new PushDeliveries(storage).take(10, 0)).toEqual([]);
      expect(await new PushDeliveries(rotated).take(10, 60_000)).toMatchObject([{ config: secret, tries: 1 }]);
      await new PushConfigs(storage).forget([task]);
      await Promise.all([first, rotated].map((each) => each.onApplicationShutdown()));
    });

    it('bounds who is told of one task', async () => {
      const task = { namespace: 'n', task: `crowd-${name}` };
      const configs = new PushConfigs(storage);
      for (let i = 0; i < 20; i += 1) await configs.save(task, receiver(`r${i}`));
      await configs.save(task, receiver('r0'));
      await expect(configs.save(task, receiver('one-more'))).rejects.toThrow('has 20 push notification configs');
    });

    it('gives all processes one signing key', async () => {
      const others = [judge.open(), judge.open()];
      const makers = [storage, ...others].map((each, i) =>
        new SigningKeys(each).current(async () => ({ kid: `k${i}`, privateJwk: '{}' })),
      );
      expect(new Set((await Promise.all(makers)).map(({ kid }) => kid)).size).toBe(1);
      await Promise.all(others.map((each) => each.onApplicationShutdown()));
      // It lives longer than any key of the database: each first key closes it anew.
      const current = async (keys: string[]) => {
        const each = judge.open(keys);
        try {
          return await new SigningKeys(each).current(async () => ({ kid: 'none', privateJwk: '' }));
        } finally {
          await each.onApplicationShutdown();
        }
      };
      const [old, fresh] = ['o'.repeat(32), 'n'.repeat(32)] as [string, string];
      for (const keys of [[old], [fresh, old], [fresh]]) expect((await current(keys)).privateJwk).toBe('{}');
      await expect(current([old])).rejects.toThrow('which is not in ARK_DATABASE_KEYS');
      await expect(current([])).rejects.toThrow('which is not in ARK_DATABASE_KEYS');
      await storage.read((all) => all.deleteFrom('signing_keys').execute());
    });

    it('keeps many small writes, and fails only the one that is wrong', async () => {
      const writes = Array.from({ length: 50 }, (_, i) => messages.append(entry(`q${i}`, `message ${i}`)));
      const wrong = messages.append({ ...entry('wrong', 'x'), conversationId: null as unknown as string });
      await expect(wrong).rejects.toThrow();
      await Promise.all(writes);
      expect(await told()).toHaveLength(50);
    });

    it('shows nothing that is over its time, and removes it', async () => {
      await messages.append({ ...entry('q1', 'short'), ttlSeconds: 0 });
      await messages.append({ ...entry('q2', 'long'), ttlSeconds: 60 });
      expect(await told()).toEqual(['long']);
      await messages.expire();
      const { rows } = await storage.database();
      const left = await rows
        .selectFrom('messages')
        .select('query_id')
        .where('namespace', '=', `n${namespace}`)
        .execute();
      expect(left).toEqual([{ query_id: 'q2' }]);
    });

    it('forgets Queries by their uids, and never what clients wrote', async () => {
      await messages.append({ ...entry('uid-1', 'of a Query'), queryName: 'one' });
      await messages.append(entry('uid-1', 'of a client'));
      expect(await messages.queryIds(new Date(Date.now() + 1000))).toContain('uid-1');
      await messages.forget(['uid-1']);
      expect(await told()).toEqual(['of a client']);
    });

    it('finds messages by the uid and by the name of a Query', async () => {
      await messages.append({ ...entry('uid-1', 'one'), queryName: 'first' });
      await messages.append({ ...entry('uid-2', 'two'), queryName: 'second' });
      const by = async (query: string) => messages.count({ namespace: `n${namespace}`, query });
      expect([await by('uid-1'), await by('second'), await by('third')]).toEqual([1, 1, 0]);
      expect(await messages.conversations(`n${namespace}`)).toEqual([{ id: 'c', messages: 2, queries: 2 }]);
    });

    it('numbers messages as numbers, never the same twice', async () => {
      await messages.append(entry('q1', 'one'));
      const before = await messages.last(`n${namespace}`);
      await messages.remove({ namespace: `n${namespace}` });
      await messages.append(entry('q2', 'two'));
      expect(await messages.last(`n${namespace}`)).toBeGreaterThan(before);
    });

    const streamed = (stream: string, ids: number[], more: Partial<StreamNews> = {}) => {
      const chunks = ids.map((id) => ({ id, body: `{"chunk":${id}}` }));
      return { stream, restarted: false, ended: false, ...more, chunks };
    };

    it('keeps a stream in pieces, each once, and begins it anew when it is told to', async () => {
      const chunks = new Chunks(storage);
      const stream = `stream-${namespace}`;
      expect(await chunks.find(stream)).toBeUndefined();
      await chunks.save([streamed(stream, [1, 2], { restarted: true }), streamed(`${stream}-other`, [1])]);
      await chunks.save([streamed(stream, [2, 3], { ended: true })]);
      expect(await chunks.find(stream)).toEqual({ ended: true, lastId: 3 });
      expect(await chunks.page(stream, 1, 10)).toEqual([2, 3].map((id) => ({ id, body: `{"chunk":${id}}` })));
      await chunks.save([streamed(stream, [1], { restarted: true })]);
      expect(await chunks.find(stream)).toEqual({ ended: false, lastId: 1 });
    });

    it('forgets streams by name and by age', async () => {
      const chunks = new Chunks(storage);
      const names = ['a', 'b', 'c'].map((each) => `stream-${namespace}-${each}`) as [string, string, string];
      await chunks.save(names.map((each) => streamed(each, [1])));
      await chunks.forget([names[0]]);
      expect(await Promise.all(names.map((each) => chunks.find(each)))).toMatchObject([undefined, {}, {}]);
      await chunks.expire(new Date(Date.now() + 1_000));
      expect(await chunks.find(names[1])).toBeUndefined();
      expect(await chunks.page(names[1], 0, 10)).toEqual([]);
    });

    it('tells listeners of this process that something was added', async () => {
      const lookout = messages.watch(`n${namespace}`, new AbortController().signal);
      const heard = lookout.next();
      await messages.append(entry('q', 'x'));
      await heard;
      lookout.stop();
    });
  });
}

(postgresPrograms() ? describe : describe.skip)('storage on postgres that goes away', () => {
  it('is unavailable, which is nobody’s bug', async () => {
    const server = await startPostgres();
    const storage = new Storage({ dataDir: '/nowhere', databaseUrl: server.url }, silentLogger);
    const messages = new Messages(storage);
    const entry = { namespace: 'n', conversationId: 'c', queryId: 'q', messages: ['{}'] };
    await messages.append(entry);
    await server.stop();
    const gone = { family: 'Unavailable', message: expect.stringContaining('does not answer') };
    await expect(messages.page({ namespace: 'n' }, 0, 1)).rejects.toMatchObject(gone);
    await expect(Promise.all([messages.append(entry), messages.append(entry)])).rejects.toMatchObject(gone);
    await storage.onApplicationShutdown();
  });

  it('fails what is under way, and nothing else', async () => {
    const server = await startPostgres();
    const storage = new Storage({ dataDir: '/nowhere', databaseUrl: server.url }, silentLogger);
    const { rows } = await storage.database();
    const running = () => sql<{ n: number }>`select count(*) n from pg_stat_activity where query like '%pg_sleep(3%'`;
    // Its connection is in use, so that the pool does not listen to its errors.
    const underWay = rows.transaction().execute((transaction) => sql`select pg_sleep(30)`.execute(transaction));
    const ended = expect(underWay).rejects.toThrow();
    await eventually(async () => expect(Number((await running().execute(rows)).rows[0]?.n)).toBeGreaterThan(1));
    await server.stop();
    await ended;
    await storage.onApplicationShutdown();
  });
});

describe('storage that is not there', () => {
  it('says which host, and keeps the password to itself', async () => {
    const url = 'postgres://ark:hunter2@127.0.0.1:1/ark';
    const error = await new Storage({ dataDir: '/nowhere', databaseUrl: url }, silentLogger)
      .database()
      .catch((refused: Error) => refused);
    expect((error as Error).message).toContain('127.0.0.1:1');
    expect((error as Error).message).not.toContain('hunter2');
  });
});
