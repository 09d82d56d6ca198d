import type { Chunks, StoredStream } from '../../storage/chunks.js';
import type { Lookout } from '../../storage/lookout.js';
import { waitingForServer } from '../../storage/patience.js';

const PAGE = 500;
/** Between two looks at the stream of a Query that has ended, whose end is missing. */
const LAST_LOOKS_MS = 300;
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
    const lookout = this.chunks.watch(uid, signal);
    try {
      while (!signal.aborted) {
        if (await waitingForServer(() => this.chunks.find(uid), signal)) return;
        // Said again at each look: its writer may begin later.
        void this.chunks.want(uid);
        await lookout.next();
      }
    } finally {
      lookout.stop();
    }
  }

  /**
   * What follows an id, as events. Ends with the stream; or, when its writer died before it could say so, soon after
   * `isOver` says that the Query has ended. A database server that went away is waited for.
   */
  async *read(
    uid: string,
    after: number,
    isOver: () => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<{ id: string; data: string }, void> {
    const lookout = this.chunks.watch(uid, signal);
    try {
      yield* this.follow(uid, after, isOver, lookout, signal);
    } finally {
      lookout.stop();
    }
  }

  private async *follow(
    uid: string,
    after: number,
    isOver: () => boolean,
    lookout: Lookout,
    signal: AbortSignal,
  ): AsyncGenerator<{ id: string; data: string }, void> {
    let last = after;
    let silence = 0;
    while (!signal.aborted) {
      // Asked first: chunks that come before the end are then surely in the page.
      const ended = (await waitingForServer(() => this.chunks.find(uid), signal))?.ended ?? true;
      const page = await waitingForServer(() => this.chunks.page(uid, last, PAGE), signal);
      for (const { id, body } of page) {
        last = id;
        yield { id: String(id), data: body };
      }
      if (page.length === PAGE) continue;
      silence = page.length > 0 || !isOver() ? 0 : silence + 1;
      if (ended || silence > PATIENCE) return;
      await lookout.next(isOver() ? LAST_LOOKS_MS : undefined);
    }
  }
}
