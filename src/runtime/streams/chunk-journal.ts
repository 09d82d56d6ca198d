import type { Logger } from '../../kit/index.js';
import type { Chunks, StreamNews } from '../../storage/chunks.js';
import { type Chunk, chunkJson, chunkSize } from './chunk.js';

/** Hears of every stream that is worth keeping. Calls never wait. */
export interface StreamJournal {
  restarted(uid: string): void;
  written(uid: string, chunk: Chunk): void;
  ended(uid: string): void;
}

export interface JournalLimits {
  /** Milliseconds that chunks are gathered. Default: 100. */
  gatherMs?: number;
  /** Milliseconds after a failed save. Default: 1000. */
  pauseMs?: number;
  /** Bytes that may wait for a database that does not answer; more is not kept. Default: 16 MiB. */
  waiting?: number;
}

interface Waiting {
  restarted: boolean;
  chunks: Chunk[];
  ended: boolean;
}

/**
 * Writes streams to the database behind their writers' backs: gathered, in order, each batch in one transaction.
 * Memory is bounded: a database that stays away costs what is said meanwhile, never a Query.
 */
export class ChunkJournal implements StreamJournal {
  private waiting = new Map<string, Waiting>();
  private bytes = 0;
  private timer?: NodeJS.Timeout;
  private saving?: Promise<void>;
  private losing = false;
  private readonly limits: Required<JournalLimits>;

  constructor(
    private readonly chunks: Pick<Chunks, 'save'>,
    private readonly logger: Logger,
    limits: JournalLimits = {},
  ) {
    this.limits = { gatherMs: 100, pauseMs: 1_000, waiting: 16 << 20, ...limits };
  }

  restarted(uid: string): void {
    this.waiting.set(uid, { restarted: true, chunks: [], ended: false });
    this.soon(this.limits.gatherMs);
  }

  written(uid: string, chunk: Chunk): void {
    const size = chunkSize(chunk);
    if (this.bytes + size > this.limits.waiting) {
      this.lose();
      return;
    }
    this.bytes += size;
    this.of(uid).chunks.push(chunk);
    this.soon(this.limits.gatherMs);
  }

  ended(uid: string): void {
    this.of(uid).ended = true;
    this.soon(this.limits.gatherMs);
  }

  /** Resolves when everything heard so far is saved, or could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.saving;
    if (this.waiting.size === 0) return;
    this.saving = this.save().finally(() => {
      this.saving = undefined;
    });
    await this.saving;
  }

  /** For Nest's shutdown: before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    clearTimeout(this.timer);
  }

  private of(uid: string): Waiting {
    const known = this.waiting.get(uid) ?? { restarted: false, chunks: [], ended: false };
    this.waiting.set(uid, known);
    return known;
  }

  private soon(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms);
  }

  private async save(): Promise<void> {
    const batch = this.waiting;
    const bytes = this.bytes;
    this.waiting = new Map();
    try {
      await this.chunks.save([...batch].map(newsOf));
      this.bytes -= bytes;
      this.losing = false;
    } catch (error) {
      this.logger.warn({ streams: batch.size, err: error }, 'Streams could not be saved; they are tried again');
      this.waiting = merged(batch, this.waiting);
      this.soon(this.limits.pauseMs);
    }
  }

  private lose(): void {
    if (!this.losing) this.logger.warn({ waiting: this.bytes }, 'Streams are not saved: too much waits already');
    this.losing = true;
  }
}

function newsOf([stream, { restarted, chunks, ended }]: [string, Waiting]): StreamNews {
  return { stream, restarted, chunks: chunks.map((chunk) => ({ id: chunk.id, body: chunkJson(chunk) })), ended };
}

function merged(first: Map<string, Waiting>, second: Map<string, Waiting>): Map<string, Waiting> {
  const all = new Map(first);
  for (const [uid, later] of second) {
    const earlier = later.restarted ? undefined : all.get(uid);
    const chunks = [...(earlier?.chunks ?? []), ...later.chunks];
    all.set(uid, {
      restarted: later.restarted || !!earlier?.restarted,
      chunks,
      ended: later.ended || !!earlier?.ended,
    });
  }
  return all;
}
