import { errorText, type Logger } from '../../kit/index.js';

/**
 * Turns of conversations that are on their way to their memory while the answer is told already. Whoever reads such a
 * conversation in this process waits for them first, so that nothing that was heard is missing.
 */
export class LateTurns {
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly logger: Logger) {}

  /** Begins a write that nobody waits for; one that fails is said in the log. */
  add(namespace: string, conversation: string, write: () => Promise<void>): void {
    const key = keyOf(namespace, conversation);
    const before = this.underWay.get(key) ?? Promise.resolve();
    const turn = before.then(write).catch((error: unknown) => {
      this.logger.warn({ namespace, conversation, err: error }, `A conversation misses a turn: ${errorText(error)}`);
    });
    this.underWay.set(key, turn);
    void turn.then(() => {
      if (this.underWay.get(key) === turn) this.underWay.delete(key);
    });
  }

  /** Resolves when everything that was said in a conversation until now is written. */
  async written(namespace: string, conversation: string): Promise<void> {
    await this.underWay.get(keyOf(namespace, conversation));
  }

  /** Resolves when nothing is under way. */
  async allWritten(): Promise<void> {
    await Promise.all(this.underWay.values());
  }
}

const keyOf = (namespace: string, conversation: string): string => `${namespace}/${conversation}`;
