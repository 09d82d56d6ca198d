import { type Chunk, type ChunkBody, type ChunkSource, chunkSize } from './chunk.js';

export interface StreamLimits {
  /** Bytes kept per stream; older chunks are dropped. Default: 2 MiB. */
  perStream?: number;
  /** Bytes kept in all; ended streams go first, oldest first. Default: 32 MiB. */
  total?: number;
  /** Ended streams kept. Default: 1 000. */
  ended?: number;
  /** Milliseconds an ended stream is kept. Default: 5 minutes. */
  keepMs?: number;
}

/** The live chunks of one Query. */
class ChunkStream {
  readonly chunks: Chunk[] = [];
  bytes = 0;
  lastId = 0;
  endedAt?: number;
  private waiting: (() => void)[] = [];

  add(source: ChunkSource, body: ChunkBody, most: number): number {
    const before = this.bytes;
    this.lastId += 1;
    const chunk = { id: this.lastId, source, body };
    this.chunks.push(chunk);
    this.bytes += chunkSize(chunk);
    while (this.bytes > most && this.chunks.length > 1) this.bytes -= chunkSize(this.chunks.shift() as Chunk);
    this.wake();
    return this.bytes - before;
  }

  wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  /** The first kept chunk after an id. */
  after(id: number): Chunk | undefined {
    const first = this.chunks[0];
    return first && this.chunks[Math.max(0, id + 1 - first.id)];
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resume) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resume();
      };
      this.waiting.push(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/**
 * What engines say at this moment, by the uid of the Query, for readers that come, go and come again.
 *
 * Guarantees: chunks of one stream have rising ids without gaps and are read in order; memory is bounded however much
 * is written and however slow readers are: who falls too far behind misses the oldest chunks. Nothing survives the
 * process.
 */
export class ChunkStreams {
  private readonly streams = new Map<string, ChunkStream>();
  private readonly ended = new Set<string>();
  private readonly openings = new Set<(uid: string) => void>();
  private readonly limits: Required<StreamLimits>;
  private bytes = 0;

  constructor(limits: StreamLimits = {}) {
    this.limits = { perStream: 2 << 20, total: 32 << 20, ended: 1_000, keepMs: 300_000, ...limits };
  }

  /** Begins or reopens the stream of a Query. */
  open(uid: string): void {
    const stream = this.streams.get(uid);
    if (stream && stream.endedAt === undefined) return;
    this.drop(uid);
    this.streams.set(uid, new ChunkStream());
    for (const heard of this.openings) heard(uid);
  }

  has(uid: string): boolean {
    return this.streams.has(uid);
  }

  /** Ignored for a stream that is not open: nobody may fail because nobody listens. */
  write(uid: string, source: ChunkSource, body: ChunkBody): void {
    const stream = this.streams.get(uid);
    if (!stream || stream.endedAt !== undefined) return;
    this.bytes += stream.add(source, body, this.limits.perStream);
    if (this.bytes > this.limits.total) this.makeRoom();
  }

  end(uid: string): void {
    const stream = this.streams.get(uid);
    if (!stream || stream.endedAt !== undefined) return;
    stream.endedAt = Date.now();
    this.ended.add(uid);
    stream.wake();
    this.makeRoom();
  }

  /** Calls back at each opening; returns the way to stop. */
  onOpen(heard: (uid: string) => void): () => void {
    this.openings.add(heard);
    return () => this.openings.delete(heard);
  }

  isEnded(uid: string): boolean {
    return this.streams.get(uid)?.endedAt !== undefined;
  }

  /** The id of the newest chunk, 0 when there is none. */
  lastId(uid: string): number {
    return this.streams.get(uid)?.lastId ?? 0;
  }

  /** The chunks after an id, then those to come; ends with the stream, or when the signal is aborted. */
  async *read(uid: string, afterId: number, signal: AbortSignal): AsyncGenerator<Chunk, void> {
    const stream = this.streams.get(uid);
    let last = afterId;
    while (stream && !signal.aborted) {
      const chunk = stream.after(last);
      if (chunk) {
        last = chunk.id;
        yield chunk;
      } else if (stream.endedAt !== undefined) return;
      else await stream.changed(signal);
    }
  }

  private makeRoom(): void {
    const oldest = Date.now() - this.limits.keepMs;
    for (const uid of this.ended) {
      const crowded = this.bytes > this.limits.total || this.ended.size > this.limits.ended;
      if (!crowded && (this.streams.get(uid)?.endedAt ?? 0) > oldest) return;
      this.drop(uid);
    }
  }

  private drop(uid: string): void {
    const stream = this.streams.get(uid);
    if (!stream) return;
    this.bytes -= stream.bytes;
    this.streams.delete(uid);
    this.ended.delete(uid);
  }
}
