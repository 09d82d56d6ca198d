import { setTimeout as pause } from 'node:timers/promises';
import type { Chunks, StoredStream } from '../../storage/chunks.js';

const PAGE = 500;
/** How often a stream that another process writes is looked at. */
const LOOK_MS = 300;
/** Looks at an ended Query's stream until its missing end is not waited for any more. */
const PATIENCE = 10;

/** Streams in the database: those that are over, and those that another process of a shared database writes. */
export class StoredStreams {
  constructor(private readonly chunks: Chunks) {}

  /** A stream that can be read to its end: one that broke off in this process's own past is none. */
  async find(uid: string): Promise<StoredStream | undefined> {
    const found = await this.chunks.find(uid);
    return found && (found.ended || this.chunks.shared) ? found : undefined;
  }

  /** Resolves when another process begins to write a stream; never, where there is no other. */
  async appearance(uid: string, signal: AbortSignal): Promise<void> {
    if (!this.chunks.shared) return new Promise(() => {});
    while (!signal.aborted) {
      if (await this.chunks.find(uid)) return;
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /**
   * What follows an id, as events. Ends with the stream; or, when its writer died before it could say so, soon after
   * `isOver` says that the Query has ended.
   */
  async *read(
    uid: string,
    after: number,
    isOver: () => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<{ id: string; data: string }, void> {
    let last = after;
    let silence = 0;
    while (!signal.aborted) {
      // Asked first: chunks that come before the end are then surely in the page.
      const ended = (await this.chunks.find(uid))?.ended ?? true;
      const page = await this.chunks.page(uid, last, PAGE);
      for (const { id, body } of page) {
        last = id;
        yield { id: String(id), data: body };
      }
      if (page.length === PAGE) continue;
      silence = page.length > 0 || !isOver() ? 0 : silence + 1;
      if (ended || silence > PATIENCE) return;
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }
}
