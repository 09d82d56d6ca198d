import { errorText, type Logger } from '../../kit/index.js';

/** How long turns are gathered, so that many are one write: at most so much is lost with the process. */
const GATHER_MS = 100;
/** More turns than this do not pile up before a slow memory: who adds one waits for it. */
const MOST_LATE = 1_000;

/**
 * Turns of conversations that go to their memory while the answer is told already, many at once. Whoever reads such a
 * conversation in this process waits for them first, so that nothing that was heard is missing.
 */
export class LateTurns {
  private readonly gathered = new Map<string, (() => Promise<void>)[]>();
  private readonly underWay = new Map<string, Promise<void>>();
  private timer?: NodeJS.Timeout;
  private late = 0;

  constructor(
    private readonly logger: Logger,
    private readonly most = MOST_LATE,
  ) {}

  /** Takes a write that nobody waits for, unless too many are late already; one that fails is said in the log. */
  async add(namespace: string, conversation: string, write: () => Promise<void>): Promise<void> {
    const key = keyOf(namespace, conversation);
    this.late += 1;
    const turns = this.gathered.get(key);
    if (turns) turns.push(write);
    else this.gathered.set(key, [write]);
    this.timer ??= setTimeout(() => this.writeAll(), GATHER_MS);
    if (this.late > this.most) await this.written(namespace, conversation);
  }

  /** Resolves when everything that was said in a conversation until now is written. */
  async written(namespace: string, conversation: string): Promise<void> {
    const key = keyOf(namespace, conversation);
    this.write(key);
    await this.underWay.get(key);
  }

  /** Resolves when nothing is left. */
  async allWritten(): Promise<void> {
    this.writeAll();
    await Promise.all(this.underWay.values());
  }

  private writeAll(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const key of this.gathered.keys()) this.write(key);
  }

  /** The turns of one conversation in their order, after those that are under way. */
  private write(key: string): void {
    const turns = this.gathered.get(key);
    if (!turns) return;
    this.gathered.delete(key);
    const before = this.underWay.get(key) ?? Promise.resolve();
    const all = before.then(() => this.each(key, turns));
    this.underWay.set(key, all);
    void all.then(() => {
      if (this.underWay.get(key) === all) this.underWay.delete(key);
    });
  }

  private async each(key: string, turns: (() => Promise<void>)[]): Promise<void> {
    for (const turn of turns) {
      await turn().catch((error: unknown) => {
        this.logger.warn({ conversation: key, err: error }, `A conversation misses a turn: ${errorText(error)}`);
      });
      this.late -= 1;
    }
  }
}

const keyOf = (namespace: string, conversation: string): string => `${namespace}/${conversation}`;
