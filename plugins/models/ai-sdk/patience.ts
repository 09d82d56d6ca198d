import { unavailable } from 'nest-ark';

export const DEFAULT_IDLE_MS = 120_000;

/** A signal that is aborted with its caller's, or when nothing happened for too long. */
export class Patience {
  private readonly limit = new AbortController();
  private readonly follow = () => this.limit.abort(this.caller.reason);
  private timer?: NodeJS.Timeout;

  /** @param subject names the model in the message */
  constructor(
    private readonly caller: AbortSignal,
    private readonly subject: string,
    private readonly idleMs: number,
  ) {
    caller.throwIfAborted();
    caller.addEventListener('abort', this.follow, { once: true });
    this.begin();
  }

  get signal(): AbortSignal {
    return this.limit.signal;
  }

  /** Waiting starts anew. */
  begin(): void {
    this.rest();
    this.timer = setTimeout(() => {
      const seconds = this.idleMs / 1_000;
      this.limit.abort(unavailable(`${this.subject} said nothing for ${seconds} seconds`, { reason: 'ModelSilent' }));
    }, this.idleMs);
  }

  /** Nobody waits for the model now: whoever reads its answer is busy. */
  rest(): void {
    clearTimeout(this.timer);
  }

  /** Ends what still runs under the signal. */
  end(): void {
    this.rest();
    this.caller.removeEventListener('abort', this.follow);
    this.limit.abort();
  }
}
