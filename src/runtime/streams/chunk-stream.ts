import { type Chunk, type ChunkBody, type ChunkSource, chunkSize } from './chunk.js';

/** Dropped chunks at the front of a list before the list is made anew. */
const MOST_HOLES = 512;

/** The live chunks of one Query. */
export class ChunkStream {
  bytes = 0;
  lastId = 0;
  endedAt?: number;
  /** Whether the journal hears of it. */
  kept = false;
  /** Whether an engine outside this process writes it. */
  foreign = false;
  private list: (Chunk | undefined)[] = [];
  /** Where the oldest chunk is; those before it were dropped. Moving all the others up each time would cost more. */
  private head = 0;
  private readonly waiting = new Set<() => void>();

  get chunks(): Chunk[] {
    return this.list.slice(this.head) as Chunk[];
  }

  get length(): number {
    return this.list.length - this.head;
  }

  /** How many readers wait for the next chunk. */
  get readers(): number {
    return this.waiting.size;
  }

  /** Returns the chunk and how many bytes it costs more; `most` bytes are kept, and the newest chunk in any case. */
  add(source: ChunkSource, body: ChunkBody, most: number): [chunk: Chunk, bytes: number] {
    this.lastId += 1;
    const chunk = { id: this.lastId, source, body };
    const size = chunkSize(chunk);
    this.list.push(chunk);
    this.bytes += size;
    const dropped = this.shrinkTo(most);
    this.wake();
    return [chunk, size - dropped];
  }

  /** Drops the oldest chunks; returns how many bytes that saves. The newest chunk stays. */
  shrinkTo(most: number): number {
    const before = this.bytes;
    while (this.bytes > most && this.length > 1) {
      this.bytes -= chunkSize(this.list[this.head] as Chunk);
      this.list[this.head] = undefined;
      this.head += 1;
    }
    if (this.head > MOST_HOLES && this.head * 2 > this.list.length) {
      this.list = this.list.slice(this.head);
      this.head = 0;
    }
    return before - this.bytes;
  }

  wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }

  /** The first kept chunk after an id. */
  after(id: number): Chunk | undefined {
    const first = this.list[this.head];
    return first && this.list[this.head + Math.max(0, id + 1 - first.id)];
  }

  /** Resolves at the next chunk, at the end, or when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resume) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resume();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
