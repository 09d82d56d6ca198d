/** Milliseconds that pieces are gathered before they are sent: every A2A event costs a copy of the whole task. */
const GATHER_MS = 60;
const GATHER_CHARACTERS = 256;

/** Joins small pieces of a stream into bigger ones; the first piece goes out at once, so that the reader sees life. */
export class Pieces {
  private gathered = '';
  private timer?: NodeJS.Timeout;
  private started = false;

  constructor(private readonly send: (text: string) => void) {}

  add(text: string): void {
    this.gathered += text;
    if (!this.started || this.gathered.length >= GATHER_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.gathered === '') return;
    this.started = true;
    const text = this.gathered;
    this.gathered = '';
    this.send(text);
  }
}
