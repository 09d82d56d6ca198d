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
  /** Milliseconds between two saves; the first words after a silence do not wait. Default: 100. */
  gatherMs?: number;
  /** Milliseconds after a failed save. Default: 1000. */
  pauseMs?: number;
  /** Bytes that may wait for a database that does not answer; more is not kept. Default: 16 MiB. */
  waiting?: number;
  /** Milliseconds that the last save may take when the process ends. Default: 5000. */
  closeMs?: number;
}

interface Waiting {
  restarted: boolean;
  chunks: Chunk[];
  ended: boolean;
  bytes: number;
}

/**
 * Writes streams to the database behind their writers' backs: gathered, in order, each batch in one transaction.
 * Memory is bounded: a database that stays away costs what is said meanwhile, never a Query.
 */
export class ChunkJournal implements StreamJournal {
  private waiting = new Map<string, Waiting>();
  private bytes = 0;
  private timer?: NodeJS.Timeout;
  private dueAt = 0;
  private quietUntil = 0;
  private saving?: Promise<void>;
  private losing = false;
  private closed = false;
  private readonly limits: Required<JournalLimits>;

  constructor(
    private readonly chunks: Pick<Chunks, 'save'>,
    private readonly logger: Logger,
    limits: JournalLimits = {},
  ) {
    this.limits = { gatherMs: 100, pauseMs: 1_000, waiting: 16 << 20, closeMs: 5_000, ...limits };
  }

  restarted(uid: string): void {
    this.bytes -= this.waiting.get(uid)?.bytes ?? 0;
    this.waiting.set(uid, { restarted: true, chunks: [], ended: false, bytes: 0 });
    this.soon(this.limits.gatherMs);
  }

  written(uid: string, chunk: Chunk): void {
    const size = chunkSize(chunk);
    if (this.bytes + size > this.limits.waiting) {
      this.lose(uid, size);
      return;
    }
    const waiting = this.of(uid);
    this.bytes += size;
    waiting.bytes += size;
    waiting.chunks.push(chunk);
    this.soon();
  }

  ended(uid: string): void {
    this.of(uid).ended = true;
    this.soon();
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

  /** Saves what is left, once and within its time. The last thing before the database closes; nothing is heard after. */
  async close(): Promise<void> {
    const { promise: tooLate, resolve } = Promise.withResolvers<'late'>();
    const limit = setTimeout(() => resolve('late'), this.limits.closeMs);
    // What is said while the database takes the rest is to be saved too.
    const rest = async () => {
      await this.flush();
      if (this.waiting.size > 0) await this.flush();
    };
    if ((await Promise.race([rest(), tooLate])) === 'late' || this.waiting.size > 0) {
      this.logger.warn({ streams: this.waiting.size }, 'The last words of some streams could not be saved');
    }
    clearTimeout(limit);
    this.closed = true;
    clearTimeout(this.timer);
  }

  private of(uid: string): Waiting {
    const known = this.waiting.get(uid) ?? { restarted: false, chunks: [], ended: false, bytes: 0 };
    this.waiting.set(uid, known);
    return known;
  }

  private soon(ms = 0): void {
    const now = performance.now();
    const due = Math.max(now + ms, this.quietUntil);
    if (this.closed || (this.timer && this.dueAt <= due)) return;
    clearTimeout(this.timer);
    this.dueAt = due;
    this.timer = setTimeout(() => void this.flush(), due - now);
  }

  private async save(): Promise<void> {
    const batch = this.waiting;
    this.waiting = new Map();
    this.quietUntil = performance.now() + this.limits.gatherMs;
    try {
      await this.chunks.save([...batch].map(newsOf));
      this.bytes -= bytesOf(batch);
      this.losing = false;
    } catch (error) {
      this.logger.warn({ streams: batch.size, err: error }, 'Streams could not be saved; they are tried again');
      this.waiting = merged(batch, this.waiting);
      this.bytes = bytesOf(this.waiting);
      this.quietUntil = performance.now() + this.limits.pauseMs;
      this.soon();
    }
  }

  private lose(stream: string, size: number): void {
    const facts = { stream, size, waiting: this.bytes, most: this.limits.waiting };
    if (size > this.limits.waiting) this.logger.warn(facts, 'A piece of a stream is too big to be kept');
    else if (!this.losing) this.logger.warn(facts, 'Streams are not kept: too much waits for the database already');
    this.losing ||= size <= this.limits.waiting;
  }
}

const bytesOf = (streams: Map<string, Waiting>) => [...streams.values()].reduce((sum, { bytes }) => sum + bytes, 0);

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
      bytes: later.bytes + (earlier?.bytes ?? 0),
    });
  }
  return all;
}
