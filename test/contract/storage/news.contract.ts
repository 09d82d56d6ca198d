import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { Chunks } from '../../../src/storage/chunks.js';
import { Lookout } from '../../../src/storage/lookout.js';
import { Messages } from '../../../src/storage/messages.js';
import { Storage } from '../../../src/storage/storage.js';
import { eventually } from '../../harness/eventually.js';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../harness/postgres.js';

const never = new AbortController().signal;
/** So rare a look that only news can be what is heard. */
const HARDLY_EVER_MS = 600_000;

(postgresPrograms() ? describe : describe.skip)('replicas that share a PostgreSQL', () => {
  let server: PostgresServer;
  let here: Storage;
  let there: Storage;
  beforeAll(async () => {
    server = await startPostgres();
    [here, there] = [1, 2].map(() => new Storage({ dataDir: '/nowhere', databaseUrl: server.url }, silentLogger)) as [
      Storage,
      Storage,
    ];
    await Promise.all([here.database(), there.database()]);
    await bothHear();
  });
  afterAll(async () => {
    await Promise.all([here, there].map((each) => each?.onApplicationShutdown()));
    await server?.stop();
  });

  const bothHear = () => eventually(() => expect([here.news.live, there.news.live]).toEqual([true, true]));
  const say = (from: Storage, namespace: string, content: string) =>
    new Messages(from).append({
      namespace,
      conversationId: 'c',
      queryId: 'q',
      messages: [JSON.stringify({ role: 'user', content })],
    });
  const waiting = (topic: string) => new Lookout(here, topic, never, HARDLY_EVER_MS);

  /** Ends the connections that listen, as a server that restarts does. */
  async function cut(): Promise<void> {
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`);
    await admin.end();
  }

  it('hear at once what another one added to a conversation, and nothing of other namespaces', async () => {
    // Whoever begins to hear alarms everybody once, at a moment of its own.
    await eventually(async () => {
      const [mine, other] = [waiting('messages:mine'), waiting('messages:other')];
      let heardOther = false;
      const told = mine.next();
      void other.next().then(() => {
        heardOther = true;
      });
      await say(there, 'mine', 'Hi');
      await told;
      mine.stop();
      other.stop();
      expect(heardOther).toBe(false);
    });
  });

  it('hear each piece of a stream that another one writes, once they have asked for it', async () => {
    const [reader, writer] = [new Chunks(here), new Chunks(there)];
    const save = (id: number) =>
      writer.save([{ stream: 'u', restarted: id === 1, chunks: [{ id, body: `word ${id}` }], ended: id === 5 }]);
    // Nothing is written until somebody elsewhere wants it.
    writer.onWanted((stream) => stream === 'u' && void save(1));
    const lookout = new Lookout(here, 'stream:u', never, HARDLY_EVER_MS);
    const heard: string[] = [];
    await reader.want('u');
    while (heard.length < 5) {
      await lookout.next();
      const fresh = await reader.page('u', heard.length, 10);
      heard.push(...fresh.map(({ body }) => body));
      // Each is said only when the one before it was heard.
      if (fresh.length > 0 && heard.length < 5) await save(heard.length + 1);
    }
    expect(heard).toEqual([1, 2, 3, 4, 5].map((id) => `word ${id}`));
    expect(await reader.find('u')).toEqual({ ended: true, lastId: 5 });
    lookout.stop();
  });

  it('look for what they missed when the connection was lost, and hear again', async () => {
    const lookout = waiting('messages:lost');
    const alarmed = lookout.next();
    await cut();
    await alarmed;
    await say(there, 'lost', 'while nobody heard');
    await bothHear();
    // News that came back are a reason to look too, whatever was missed.
    await lookout.next();
    expect(await new Messages(here).page({ namespace: 'lost' }, 0, 10)).toHaveLength(1);
    const told = lookout.next();
    await say(there, 'lost', 'and now');
    await told;
    lookout.stop();
  });
});
