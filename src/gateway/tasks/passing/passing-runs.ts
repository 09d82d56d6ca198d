import { keyText, type ObjectKey } from '../../../kit/index.js';
import { isTerminal } from '../query-task.js';
import type { PassingRun } from './passing-run.js';

/** How long an ended task can be asked for, how many of them, and with how many characters of questions and answers. */
const KEPT_MS = 300_000;
const MOST_ENDED = 1_000;
const MOST_CHARACTERS = 32 << 20;

/** The tasks that live in this process: all that go on, and the last ones that have ended. */
export class PassingRuns {
  private readonly runs = new Map<string, PassingRun>();
  /** Oldest end first. */
  private readonly ended = new Map<string, { at: number; size: number }>();
  private size = 0;

  add(run: PassingRun): void {
    this.runs.set(keyText(run.query.metadata), run);
  }

  get(key: ObjectKey): PassingRun | undefined {
    return this.runs.get(keyText(key));
  }

  all(): IterableIterator<PassingRun> {
    return this.runs.values();
  }

  /** Nothing more comes of it: from now on it is forgotten some day. */
  hasEnded({ query }: PassingRun, now = Date.now()): void {
    if (!isTerminal(query)) return;
    const size =
      sizeOf(query.spec.input) + sizeOf(query.status?.response?.content) + sizeOf(query.status?.response?.raw);
    this.ended.set(keyText(query.metadata), { at: now, size });
    this.size += size;
    this.makeRoom(now);
  }

  /** The newest stays, however long its answer. */
  private makeRoom(now: number): void {
    for (const [key, { at, size }] of this.ended) {
      const crowded = this.ended.size > MOST_ENDED || (this.size > MOST_CHARACTERS && this.ended.size > 1);
      if (!crowded && at > now - KEPT_MS) return;
      this.ended.delete(key);
      this.runs.delete(key);
      this.size -= size;
    }
  }
}

const sizeOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0);
