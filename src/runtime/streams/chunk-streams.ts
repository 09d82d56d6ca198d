import type { Chunk, ChunkBody, ChunkSource } from './chunk.js';
import type { StreamJournal } from './chunk-journal.js';
import { ChunkStream } from './chunk-stream.js';

export interface StreamLimits {
  /** Bytes kept per stream; older chunks are dropped. Default: 2 MiB. */
  perStream?: number;
  /** Bytes kept in all; ended streams go first, oldest first, then the older half of the biggest. Default: 32 MiB. */
  total?: number;
  /** Ended streams kept. Default: 1 000. */
  ended?: number;
  /** Milliseconds an ended stream is kept. Default: 5 minutes. */
  keepMs?: number;
}

/** Streams that other processes want, remembered until they begin here or elsewhere. */
const MOST_WANTED = 10_000;

/**
 * What engines say at this moment, by the uid of the Query, for readers that come, go and come again.
 *
 * Guarantees: chunks of one stream have rising ids without gaps and are read in order; memory is bounded however much
 * is written and however slow readers are: who falls too far behind misses the oldest chunks. Streams that are kept go
 * to the journal too, which saves them for later; the others do not survive the process.
 */
export class ChunkStreams {
  private readonly streams = new Map<string, ChunkStream>();
  private readonly ended = new Set<string>();
  /** Streams that another process wants to read, and that have not begun here. The oldest go first. */
  private readonly wanted = new Set<string>();
  private readonly openings = new Set<(uid: string) => void>();
  private readonly limits: Required<StreamLimits>;
  private bytes = 0;

  constructor(
    limits: StreamLimits = {},
    private readonly journal?: StreamJournal,
  ) {
    this.limits = { perStream: 2 << 20, total: 32 << 20, ended: 1_000, keepMs: 300_000, ...limits };
  }

  /** Begins or reopens the stream of a Query. `kept`: the journal hears of it from its first chunk. */
  open(uid: string, { kept: asked = false } = {}): void {
    const kept = this.wanted.delete(uid) || asked;
    const known = this.streams.get(uid);
    if (known && known.endedAt === undefined) {
      if (kept) this.keep(uid);
      return;
    }
    this.drop(uid);
    this.streams.set(uid, new ChunkStream());
    if (kept || known?.kept) this.keep(uid);
    for (const heard of this.openings) heard(uid);
  }

  /** Streams that are open. */
  get running(): number {
    return this.streams.size - this.ended.size;
  }

  has(uid: string): boolean {
    return this.streams.has(uid);
  }

  /** Lets the journal hear of a running stream: what was said so far, and what comes. */
  keep(uid: string): void {
    const stream = this.streams.get(uid);
    if (!stream || stream.kept || stream.endedAt !== undefined) return;
    stream.kept = true;
    this.journal?.restarted(uid);
    for (const chunk of stream.chunks) this.journal?.written(uid, chunk);
  }

  /** Keeps a stream that another process wants to read, now or when it opens. */
  want(uid: string): void {
    if (this.streams.has(uid)) {
      this.keep(uid);
      return;
    }
    this.wanted.add(uid);
    const [oldest] = this.wanted;
    if (this.wanted.size > MOST_WANTED && oldest) this.wanted.delete(oldest);
  }

  /**
   * Ignored for a stream that is not open: nobody may fail because nobody listens. Once an engine outside this process
   * writes its chunks itself, the same words are not taken from its answer too.
   */
  write(uid: string, source: ChunkSource, body: ChunkBody): void {
    const stream = this.streams.get(uid);
    if (!stream || stream.endedAt !== undefined) return;
    if (body.type === 'foreign') stream.foreign = true;
    else if (stream.foreign && body.type !== 'error' && body.type !== 'final') return;
    const [chunk, bytes] = stream.add(source, body, this.limits.perStream);
    this.bytes += bytes;
    if (stream.kept) this.journal?.written(uid, chunk);
    if (this.bytes > this.limits.total) this.makeRoom();
  }

  end(uid: string): void {
    const stream = this.streams.get(uid);
    if (!stream || stream.endedAt !== undefined) return;
    stream.endedAt = Date.now();
    this.ended.add(uid);
    if (stream.kept) this.journal?.ended(uid);
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
    this.halveTheBiggest();
  }

  /** Streams that run are never forgotten; who is far behind in a big one misses its oldest chunks. */
  private halveTheBiggest(): void {
    while (this.bytes > this.limits.total) {
      let biggest: ChunkStream | undefined;
      for (const stream of this.streams.values()) {
        if (stream.length > 1 && stream.bytes > (biggest?.bytes ?? 0)) biggest = stream;
      }
      if (!biggest) return;
      this.bytes -= biggest.shrinkTo(biggest.bytes / 2);
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
