/** Milliseconds between two pieces that are sent: each costs every reader an event, and every writer its copy. */
const GATHER_MS = 20;
/** Sent without waiting for the clock, so that no piece becomes a burden of its own. */
const GATHER_CHARACTERS = 16 << 10;

/**
 * Joins the small pieces of a stream into bigger ones. A piece after a silence goes out at once, so that the first word
 * and the words of a slow speaker are never late; a fast speaker is heard some fifty times a second.
 */
export class Pieces {
  private gathered = '';
  private timer?: NodeJS.Timeout;
  private sentAt = -GATHER_MS;

  constructor(private readonly send: (text: string) => void) {}

  add(text: string): void {
    this.gathered += text;
    // By the clock too: the timer does not fire while an engine speaks without a pause.
    const wait = this.sentAt + GATHER_MS - performance.now();
    if (wait <= 0 || this.gathered.length >= GATHER_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.gathered === '') return;
    const text = this.gathered;
    this.gathered = '';
    this.sentAt = performance.now();
    this.send(text);
  }
}
