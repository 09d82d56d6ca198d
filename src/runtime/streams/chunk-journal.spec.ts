import { describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import type { StreamNews } from '../../storage/chunks.js';
import type { Chunk } from './chunk.js';
import { ChunkJournal, type JournalLimits } from './chunk-journal.js';

const chunk = (id: number, json = `{"id":${id}}`): Chunk => ({
  id,
  source: { id: 'c', model: 'm', created: 1, ark: { query: 'u', session: 's', target: 't' } },
  body: { type: 'foreign', json },
});

/** A database that is away as often as it is told. */
function house(failures = 0, limits: JournalLimits = {}) {
  const saved: StreamNews[][] = [];
  let left = failures;
  const save = async (news: readonly StreamNews[]) => {
    left -= 1;
    if (left >= 0) throw new Error('the database is away');
    saved.push([...news]);
  };
  // Timers far away: these tests flush by hand.
  const journal = new ChunkJournal({ save }, rememberingLogger(), { gatherMs: 60_000, pauseMs: 60_000, ...limits });
  const bodies = () => saved.flat().map(({ stream, chunks }) => `${stream}: ${chunks.map(({ id }) => id).join(' ')}`);
  return { journal, saved, bodies };
}

describe('the journal of streams', () => {
  it('saves what was gathered in one go, stream by stream', async () => {
    const { journal, saved } = house();
    journal.restarted('u');
    journal.written('u', chunk(1));
    journal.written('v', chunk(1));
    journal.written('u', chunk(2));
    journal.ended('u');
    await journal.flush();
    expect(saved).toEqual([
      [
        { stream: 'u', restarted: true, ended: true, chunks: [1, 2].map((id) => ({ id, body: `{"id":${id}}` })) },
        { stream: 'v', restarted: false, ended: false, chunks: [{ id: 1, body: '{"id":1}' }] },
      ],
    ]);
    await journal.close();
    expect(saved).toHaveLength(1);
  });

  it('saves by itself after a moment', async () => {
    const { journal, saved } = house(0, { gatherMs: 1 });
    journal.written('u', chunk(1));
    while (saved.length === 0) await new Promise(setImmediate);
    await journal.close();
    expect(saved).toHaveLength(1);
  });

  it('tries again, in order, when the database was away', async () => {
    const { journal, bodies } = house(1);
    journal.written('u', chunk(1));
    await journal.flush();
    journal.written('u', chunk(2));
    await journal.close();
    expect(bodies()).toEqual(['u: 1 2']);
  });

  it('saves nothing of an attempt that began anew meanwhile', async () => {
    const { journal, saved } = house(1);
    journal.written('u', chunk(1));
    await journal.flush();
    journal.restarted('u');
    journal.written('u', chunk(1, '{"again":true}'));
    await journal.close();
    expect(saved).toEqual([
      [{ stream: 'u', restarted: true, ended: false, chunks: [{ id: 1, body: '{"again":true}' }] }],
    ]);
  });

  it('saves what is said while the last save goes on, and hears nothing after the end', async () => {
    const { journal, bodies } = house();
    journal.written('u', chunk(1));
    const closing = journal.close();
    await Promise.resolve();
    journal.written('u', chunk(2));
    await closing;
    journal.written('u', chunk(3));
    expect(bodies()).toEqual(['u: 1', 'u: 2']);
  });

  it('ends in time although the database never answers', async () => {
    const logger = rememberingLogger();
    const journal = new ChunkJournal({ save: () => new Promise(() => {}) }, logger, { closeMs: 20 });
    journal.written('u', chunk(1));
    await journal.close();
  });

  it('does not count what it has thrown away', async () => {
    const { journal, bodies } = house(0, { waiting: 500 });
    for (let i = 0; i < 10; i += 1) {
      journal.restarted('u');
      journal.written('u', chunk(1));
    }
    journal.written('u', chunk(2));
    await journal.close();
    expect(bodies()).toEqual(['u: 1 2']);
  });

  it('says which piece is too big instead of that too much waits', () => {
    const warnings: [object, string][] = [];
    const logger = { ...rememberingLogger(), warn: (facts: object, line: string) => void warnings.push([facts, line]) };
    const journal = new ChunkJournal({ save: async () => {} }, logger, { gatherMs: 60_000, waiting: 500 });
    journal.written('u', chunk(1, 'x'.repeat(1_000)));
    expect(warnings).toEqual([
      [{ stream: 'u', size: 2_096, waiting: 0, most: 500 }, 'A piece of a stream is too big to be kept'],
    ]);
  });

  it('holds no more than it may while the database is away', async () => {
    const { journal, bodies } = house(0, { waiting: 500 });
    for (let id = 1; id <= 100; id += 1) journal.written('u', chunk(id));
    await journal.flush();
    journal.written('u', chunk(101));
    await journal.close();
    expect(bodies()).toEqual(['u: 1 2 3 4', 'u: 101']);
  });
});
