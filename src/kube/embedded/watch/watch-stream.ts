import type { StoredEvent } from './stored-event.js';

/** Events a reader may leave unread before its watch is closed; it then resumes from the last version it saw. */
const MAX_UNREAD = 50_000;
/** Events read already that are still held. */
const MAX_READ = 1_000;

/** The queue between the store and one reader. */
export class WatchStream implements AsyncIterableIterator<StoredEvent> {
  private events: StoredEvent[] = [];
  private next_ = 0;
  private waiting?: (result: IteratorResult<StoredEvent>) => void;
  private ended = false;

  constructor(private readonly onEnd: () => void) {}

  push(event: StoredEvent): void {
    if (this.ended) return;
    if (this.waiting) {
      const resolve = this.waiting;
      this.waiting = undefined;
      resolve({ value: event, done: false });
      return;
    }
    this.events.push(event);
    if (this.events.length - this.next_ > MAX_UNREAD) this.end();
  }

  /** No more events after those already queued. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
    this.waiting?.({ value: undefined, done: true });
    this.waiting = undefined;
  }

  next(): Promise<IteratorResult<StoredEvent>> {
    const event = this.events[this.next_];
    if (event) {
      this.next_++;
      // A reader that never quite catches up must not keep what it has read.
      if (this.next_ === this.events.length || this.next_ > MAX_READ) {
        this.events = this.events.slice(this.next_);
        this.next_ = 0;
      }
      return Promise.resolve({ value: event, done: false });
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<StoredEvent>> {
    this.events = [];
    this.next_ = 0;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
