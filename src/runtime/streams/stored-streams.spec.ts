import { describe, expect, it } from '@jest/globals';
import { unavailable } from '../../kit/index.js';
import type { Chunks } from '../../storage/chunks.js';
import { Lookout } from '../../storage/lookout.js';
import { News } from '../../storage/news.js';
import { StoredStreams } from './stored-streams.js';

/** A database that another process writes to while it is read. */
function elsewhere({ shared = true } = {}) {
  const news = new News();
  const state = { exists: false, ended: false, bodies: [] as string[], failures: 0 };
  const answers = () => {
    if (state.failures-- > 0) throw unavailable('the server was told to stop');
  };
  const chunks = {
    shared,
    watch: (uid: string, signal: AbortSignal) => new Lookout({ shared, news }, uid, signal, 20),
    want: async () => {},
    find: async () => {
      answers();
      return state.exists ? { ended: state.ended, lastId: state.bodies.length } : undefined;
    },
    page: async (_: string, after: number) => {
      answers();
      return state.bodies.slice(after).map((body, i) => ({ id: after + i + 1, body }));
    },
  };
  return { state, streams: new StoredStreams(chunks as unknown as Chunks) };
}

const never = new AbortController().signal;

async function collect(run: AsyncIterable<{ id: string; data: string }>, onEach?: () => void): Promise<string[]> {
  const heard: string[] = [];
  for await (const { id, data } of run) {
    heard.push(`${id}:${data}`);
    onEach?.();
  }
  return heard;
}

describe('a stream that another replica writes', () => {
  it('is waited for, and followed until it ends', async () => {
    const { state, streams } = elsewhere();
    const appeared = streams.appearance('u', never);
    state.exists = true;
    state.bodies.push('a');
    await appeared;
    const reading = collect(
      streams.read('u', 0, () => false, never),
      () => {
        if (state.bodies.length < 3) state.bodies.push('more');
        else state.ended = true;
      },
    );
    expect(await reading).toEqual(['1:a', '2:more', '3:more']);
  });

  it('is read on when the database server was away for a moment', async () => {
    const { state, streams } = elsewhere();
    Object.assign(state, { exists: true, ended: true, bodies: ['a', 'b'], failures: 2 });
    expect(await collect(streams.read('u', 0, () => false, never))).toEqual(['1:a', '2:b']);
  });

  it('is let go when its writer died and the Query is over', async () => {
    const { state, streams } = elsewhere();
    Object.assign(state, { exists: true, bodies: ['a'] });
    expect(await collect(streams.read('u', 0, () => true, never))).toEqual(['1:a']);
  });

  it('is left by a reader who goes', async () => {
    const { state, streams } = elsewhere();
    Object.assign(state, { exists: true, bodies: ['a'] });
    const gone = new AbortController();
    expect(
      await collect(
        streams.read('u', 0, () => false, gone.signal),
        () => gone.abort(),
      ),
    ).toEqual(['1:a']);
  });

  it('does not exist where the database is this process’s own: a stream that broke off is not offered', async () => {
    const { state, streams } = elsewhere({ shared: false });
    Object.assign(state, { exists: true, bodies: ['a'] });
    expect(await streams.find('u')).toBeUndefined();
    state.ended = true;
    expect(await streams.find('u')).toEqual({ ended: true, lastId: 1 });
  });
});
