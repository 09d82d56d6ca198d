import { beforeEach, describe, expect, it } from '@jest/globals';
import { query } from '../../../test/harness/manifests.js';
import { MemoryInformer } from '../../../test/harness/memory-informer.js';
import { noMetrics } from '../../kit/index.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Chunks } from '../../storage/chunks.js';
import { Lookout } from '../../storage/lookout.js';
import { News } from '../../storage/news.js';
import { ChunkStreams } from './chunk-streams.js';
import { StoredStreams } from './stored-streams.js';
import { StreamReader, type StreamRequest } from './stream-reader.js';

const SOURCE = { id: 'c', model: 'agent/a', created: 1, ark: { query: 'uid-q', session: 's', target: 'agent/a' } };
const asked = (status?: object) => {
  const object = query('q', { input: 'x', target: { type: 'agent', name: 'a' } });
  return { ...object, metadata: { ...object.metadata, uid: 'uid-q' }, status } as unknown as Query;
};

/** The stream of a Query that nobody remembers but the database. */
const stored = ['kept a', 'kept b'].map((text, i) => ({
  id: i + 1,
  body: JSON.stringify({ choices: [{ delta: { content: text } }], ark: {} }),
}));
const chunks = {
  shared: false,
  watch: (uid: string, signal: AbortSignal) => new Lookout({ shared: false, news: new News() }, uid, signal, 20),
  find: async (uid: string) => (uid === 'uid-kept' ? { ended: true, lastId: 2 } : undefined),
  page: async (_uid: string, after: number) => stored.filter(({ id }) => id > after),
} as unknown as Chunks;

describe('a reader of a Query’s stream', () => {
  let informer: MemoryInformer<Query>;
  let streams: ChunkStreams;
  let reader: StreamReader;
  beforeEach(() => {
    informer = new MemoryInformer();
    streams = new ChunkStreams();
    reader = new StreamReader(
      streams,
      new StoredStreams(chunks),
      { informer: () => informer } as unknown as ResourceCache,
      noMetrics,
    );
  });

  const say = (text: string) => streams.write('uid-q', SOURCE, { type: 'text', text });
  async function read(request: Partial<StreamRequest> = {}, signal = new AbortController().signal) {
    const heard: string[] = [];
    const whole = { namespace: 'default', query: 'q', fromBeginning: false, waitMs: 1_000, ...request };
    for await (const { id, data } of reader.read(whole, signal)) {
      const chunk = JSON.parse(data);
      const words = chunk.error?.message ?? (chunk.ark.completedQuery ? 'END' : chunk.choices[0].delta.content);
      heard.push(id ? `${id}:${words}` : words);
    }
    return heard;
  }

  it('hears only what comes, or everything from the beginning, or what follows an event', async () => {
    informer.put(asked());
    streams.open('uid-q');
    say('a');
    const readings = [read(), read({ fromBeginning: true }), read({ lastEventId: 1 })];
    await new Promise((resolve) => setImmediate(resolve));
    say('b');
    streams.end('uid-q');
    expect(await Promise.all(readings)).toEqual([['2:b'], ['1:a', '2:b'], ['2:b']]);
  });

  it('waits for a Query that does not exist yet and for its first words', async () => {
    const reading = read({ fromBeginning: true });
    await new Promise((resolve) => setImmediate(resolve));
    informer.put(asked());
    streams.open('uid-q');
    say('hello');
    streams.end('uid-q');
    expect(await reading).toEqual(['1:hello']);
  });

  it('is told when the Query does not appear in time', async () => {
    expect(await read({ waitMs: 20 })).toEqual(["query 'default/q' did not appear within 0 s"]);
  });

  it('gets the answer in one piece when another process gave it', async () => {
    informer.put(asked({ phase: 'running' }));
    const reading = read();
    await new Promise((resolve) => setImmediate(resolve));
    const target = { type: 'agent', name: 'a' };
    informer.put(asked({ phase: 'done', response: { target, content: 'from elsewhere', raw: '[]', phase: 'done' } }));
    expect(await reading).toEqual(['from elsewhere', 'END']);
  });

  it('finds a stream again that was kept, from where it left', async () => {
    const kept = asked({ phase: 'done' });
    informer.put({ ...kept, metadata: { ...kept.metadata, uid: 'uid-kept' } });
    expect(await read({ fromBeginning: true })).toEqual(['1:kept a', '2:kept b']);
    expect(await read({ lastEventId: 1 })).toEqual(['2:kept b']);
    expect(await read()).toEqual(['2:kept b']);
  });

  it('gets the error of a Query that failed', async () => {
    const response = { target: { type: 'agent', name: 'a' }, content: 'no quota' };
    informer.put(asked({ phase: 'error', response }));
    expect(await read()).toEqual(['no quota', 'END']);
  });

  it('is not disturbed by what happens to other Queries', async () => {
    informer.put(asked({ phase: 'running' }));
    const gone = new AbortController();
    const readings = Array.from({ length: 100 }, () => read({}, gone.signal));
    await new Promise((resolve) => setImmediate(resolve));
    let looks = 0;
    const get = informer.get.bind(informer);
    informer.get = (key) => {
      looks += 1;
      return get(key);
    };
    const { metadata, ...rest } = asked({ phase: 'running' });
    for (let i = 0; i < 10; i += 1) {
      informer.put({ ...rest, metadata: { ...metadata, name: `other-${i}`, uid: `other-${i}` } });
      streams.open(`other-${i}`);
    }
    expect(looks).toBe(0);
    gone.abort();
    expect((await Promise.all(readings)).flat()).toEqual([]);
  });

  it('may leave while it waits', async () => {
    const gone = new AbortController();
    informer.put(asked({ phase: 'running' }));
    const reading = read({}, gone.signal);
    gone.abort();
    expect(await reading).toEqual([]);
  });
});
