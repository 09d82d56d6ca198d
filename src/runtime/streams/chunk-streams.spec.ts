import { describe, expect, it } from '@jest/globals';
import type { ChunkSource } from './chunk.js';
import { ChunkStream } from './chunk-stream.js';
import { ChunkStreams } from './chunk-streams.js';

const SOURCE: ChunkSource = {
  id: 'c',
  model: 'agent/a',
  created: 1,
  ark: { query: 'u', session: 'u', target: 'agent/a' },
};
const say = (streams: ChunkStreams, text: string, uid = 'u') => streams.write(uid, SOURCE, { type: 'text', text });

async function read(streams: ChunkStreams, after = 0, uid = 'u', signal = new AbortController().signal) {
  const heard: string[] = [];
  for await (const { id, body } of streams.read(uid, after, signal)) {
    heard.push(`${id}:${body.type === 'text' ? body.text : body.type}`);
  }
  return heard;
}

describe('live streams', () => {
  it('give what was said and what comes, until the end', async () => {
    const streams = new ChunkStreams();
    streams.open('u');
    say(streams, 'a');
    const reading = read(streams);
    say(streams, 'b');
    await Promise.resolve();
    say(streams, 'c');
    streams.end('u');
    expect(await reading).toEqual(['1:a', '2:b', '3:c']);
  });

  it('can be resumed after any event, also when they have ended', async () => {
    const streams = new ChunkStreams();
    streams.open('u');
    for (const text of ['a', 'b', 'c']) say(streams, text);
    streams.end('u');
    expect(await read(streams, 2)).toEqual(['3:c']);
    expect(await read(streams, 3)).toEqual([]);
  });

  it('keep two Queries apart', async () => {
    const streams = new ChunkStreams();
    for (const uid of ['u', 'v']) streams.open(uid);
    say(streams, 'mine');
    say(streams, 'theirs', 'v');
    for (const uid of ['u', 'v']) streams.end(uid);
    expect(await read(streams, 0, 'v')).toEqual(['1:theirs']);
  });

  it('let a reader go who has had enough', async () => {
    const streams = new ChunkStreams();
    streams.open('u');
    const gone = new AbortController();
    const reading = read(streams, 0, 'u', gone.signal);
    gone.abort();
    expect(await reading).toEqual([]);
  });

  it('drop the oldest chunks of a stream that grows too big, and go on', async () => {
    const streams = new ChunkStreams({ perStream: 1_000 });
    streams.open('u');
    for (let i = 1; i <= 50; i += 1) say(streams, `piece ${i}`);
    streams.end('u');
    const heard = await read(streams);
    expect(heard.length).toBeLessThan(12);
    expect(heard.at(-1)).toBe('50:piece 50');
  });

  it('forget ended streams when there are too many', () => {
    const streams = new ChunkStreams({ ended: 2 });
    for (const uid of ['a', 'b', 'c']) {
      streams.open(uid);
      streams.end(uid);
    }
    expect(['a', 'b', 'c'].map((uid) => streams.has(uid))).toEqual([false, true, true]);
  });

  it('forget ended streams when memory is short, never one that runs', () => {
    const streams = new ChunkStreams({ total: 2_000 });
    streams.open('running');
    streams.open('ended');
    say(streams, 'x'.repeat(500), 'ended');
    streams.end('ended');
    say(streams, 'x'.repeat(500), 'running');
    expect([streams.has('ended'), streams.has('running')]).toEqual([false, true]);
  });

  it('drop the oldest chunks of the biggest when all of them run and memory is short', async () => {
    const streams = new ChunkStreams({ total: 10_000 });
    for (const uid of ['small', 'big']) streams.open(uid);
    say(streams, 'stays', 'small');
    for (let i = 1; i <= 100; i += 1) say(streams, 'x'.repeat(100), 'big');
    for (const uid of ['small', 'big']) streams.end(uid);
    expect(await read(streams, 0, 'small')).toEqual(['1:stays']);
    const heard = await read(streams, 0, 'big');
    expect(heard.length * 296).toBeLessThanOrEqual(10_000);
    expect(heard.at(-1)).toMatch(/^100:/);
  });

  it('remember no reader who has gone', () => {
    const stream = new ChunkStream();
    for (let i = 0; i < 10; i += 1) {
      const gone = new AbortController();
      void stream.changed(gone.signal);
      gone.abort();
    }
    expect(stream.readers).toBe(0);
  });

  it('start anew when a Query is tried again', async () => {
    const streams = new ChunkStreams();
    streams.open('u');
    say(streams, 'first try');
    streams.end('u');
    streams.open('u');
    say(streams, 'second try');
    streams.end('u');
    expect(await read(streams)).toEqual(['1:second try']);
  });
});

describe('streams that are kept', () => {
  const journal = () => {
    const heard: string[] = [];
    return {
      heard,
      restarted: (uid: string) => void heard.push(`restarted ${uid}`),
      written: (uid: string, { id }: { id: number }) => void heard.push(`written ${uid} ${id}`),
      ended: (uid: string) => void heard.push(`ended ${uid}`),
    };
  };

  it('are heard of by the journal: from the beginning, or with all that was said when somebody comes to read', () => {
    const { heard, ...rest } = journal();
    const streams = new ChunkStreams({}, rest);
    streams.open('asked', { kept: true });
    say(streams, 'a', 'asked');
    streams.end('asked');
    streams.open('read');
    say(streams, 'a', 'read');
    streams.keep('read');
    streams.keep('read');
    say(streams, 'b', 'read');
    streams.open('alone');
    say(streams, 'a', 'alone');
    streams.end('alone');
    streams.keep('alone');
    expect(heard).toEqual([
      'restarted asked',
      'written asked 1',
      'ended asked',
      'restarted read',
      'written read 1',
      'written read 2',
    ]);
  });

  it('take no words from the answer that the engine writes itself', async () => {
    const streams = new ChunkStreams();
    streams.open('u');
    streams.write('u', SOURCE, { type: 'foreign', json: '{}' });
    say(streams, 'the same again');
    streams.end('u');
    expect(await read(streams)).toEqual(['1:foreign']);
  });
});
