import { keyText, type ObjectKey } from '../../../kit/index.js';
import { isTerminal } from '../query-task.js';
import type { PassingRun } from './passing-run.js';
import { Shelf } from './shelf.js';

/** An ended task can be asked for so long, of so many the newest, with so many characters of questions and answers. */
const ENDED = { keptMs: 300_000, most: 1_000, mostSize: 32 << 20 };
/** A task that asks something waits so long for an answer. */
const ASKING = { keptMs: 3_600_000, most: 1_000, mostSize: 32 << 20 };

/** The tasks that live in this process: all that go on, those that wait for an answer, and the last ones that ended. */
export class PassingRuns {
  private readonly runs = new Map<string, PassingRun>();
  private readonly ended = new Shelf(ENDED);
  private readonly asking = new Shelf(ASKING);

  /** It goes on: nobody forgets it. */
  add(run: PassingRun): void {
    const key = keyText(run.query.metadata);
    this.asking.take(key);
    this.runs.set(key, run);
  }

  get(key: ObjectKey): PassingRun | undefined {
    return this.runs.get(keyText(key));
  }

  all(): IterableIterator<PassingRun> {
    return this.runs.values();
  }

  /** Nothing comes of it by itself any more: it is forgotten some day. */
  rests({ query }: PassingRun, now = Date.now()): void {
    const { content, raw } = query.status?.response ?? {};
    const size = sizeOf(query.spec.input) + sizeOf(content) + sizeOf(raw);
    const shelf = isTerminal(query) ? this.ended : this.asking;
    const own = keyText(query.metadata);
    // Who was canceled while it asked has not gone on in between.
    this.asking.take(own);
    for (const key of shelf.put(own, size, now)) this.runs.delete(key);
  }
}

const sizeOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0);
