import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from './clock.js';

export interface WorkQueueOptions {
  /** Keys worked on at once. */
  concurrency: number;
  clock: Clock;
  /** Must not throw: what to do about a failure is decided inside. */
  work(key: string): Promise<void>;
}

/** Keys begun before everybody else in the process gets a turn. Most looks at settled objects never wait for anything. */
const KEYS_PER_TURN = 100;

/**
 * Keys to be worked on.
 *
 * Guarantees: a key waits at most once, however often it is added; one worker per key; a key added while it is worked
 * on is worked on once more after; first come, first served; however many wait, the event loop goes round.
 */
export class WorkQueue {
  private readonly waiting = new Map<string, number>();
  /** Goes on where it stopped: one that began anew would step over all that were taken before, again and again. */
  private front = this.waiting.keys();
  private begunInTurn = 0;
  private readonly running = new Set<string>();
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, { at: number; cancel: () => void }>();
  private state: 'new' | 'started' | 'stopped' = 'new';
  /** Keys are added by whatever changes objects; the work on them belongs to nobody's request. */
  private readonly apart = AsyncLocalStorage.snapshot();
  private idleListeners: (() => void)[] = [];

  constructor(private readonly options: WorkQueueOptions) {}

  /** Keys that wait and for how long the first of them, and keys that are worked on. */
  get backlog(): { waiting: number; oldestMs: number; running: number } {
    const first = this.waiting.values().next().value;
    const oldestMs = first === undefined ? 0 : this.now() - first;
    return { waiting: this.waiting.size, oldestMs, running: this.running.size };
  }

  /** Keys that wait or are worked on. */
  get size(): number {
    return this.waiting.size + this.running.size;
  }

  add(key: string): void {
    if (this.state === 'stopped') return;
    if (this.running.has(key)) this.again.add(key);
    else this.wait(key);
    this.pump();
  }

  /** Adds the key later; of two delays for one key the shorter holds. Beginning work on it calls the delay off. */
  addAfter(key: string, milliseconds: number): void {
    if (this.state === 'stopped') return;
    const at = this.now() + milliseconds;
    const before = this.delayed.get(key);
    if (before && before.at <= at) return;
    before?.cancel();
    const cancel = this.options.clock.after(milliseconds, () => {
      this.delayed.delete(key);
      this.add(key);
    });
    this.delayed.set(key, { at, cancel });
  }

  /** Drops what is planned for a key; work that has begun goes on. */
  forget(key: string): void {
    this.waiting.delete(key);
    this.again.delete(key);
    this.callOff(key);
  }

  /** Keys added before are kept and begin now. */
  start(): void {
    if (this.state === 'new') this.state = 'started';
    this.pump();
  }

  /** Begins nothing more; resolves when the last worker is done. */
  stop(): Promise<void> {
    this.state = 'stopped';
    for (const key of this.delayed.keys()) this.callOff(key);
    this.waiting.clear();
    this.again.clear();
    if (this.running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleListeners.push(resolve));
  }

  private wait(key: string): void {
    if (!this.waiting.has(key)) this.waiting.set(key, this.now());
  }

  private now(): number {
    return this.options.clock.now().getTime();
  }

  private pump(): void {
    while (this.state === 'started' && this.running.size < this.options.concurrency) {
      if (this.begunInTurn === KEYS_PER_TURN) return;
      const key = this.next();
      if (key === undefined) return;
      this.waiting.delete(key);
      this.callOff(key);
      this.running.add(key);
      if (++this.begunInTurn === KEYS_PER_TURN) setImmediate(() => this.nextTurn());
      void this.apart(() => this.options.work(key).finally(() => this.finished(key)));
    }
  }

  private next(): string | undefined {
    const { value, done } = this.front.next();
    if (!done) return value;
    // An iterator that has ended stays so.
    this.front = this.waiting.keys();
    return this.front.next().value;
  }

  private nextTurn(): void {
    this.begunInTurn = 0;
    this.pump();
  }

  private finished(key: string): void {
    this.running.delete(key);
    if (this.again.delete(key)) this.wait(key);
    this.pump();
    if (this.running.size > 0) return;
    for (const listener of this.idleListeners.splice(0)) listener();
  }

  private callOff(key: string): void {
    this.delayed.get(key)?.cancel();
    this.delayed.delete(key);
  }
}
