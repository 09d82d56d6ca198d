import type { Terminal } from '../terminal.js';

const FRAMES = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'];
const FRAME_MS = 100;

/** One moving line on stderr while a person waits. Silent where nobody looks. */
export class Progress {
  private timer?: NodeJS.Timeout;
  private frame = 0;
  private text = '';

  constructor(private readonly terminal: Terminal) {}

  show(text: string): void {
    this.text = text;
    if (this.timer || !this.terminal.errIsTty) return;
    this.timer = setInterval(() => this.draw(), FRAME_MS);
    this.timer.unref();
  }

  /** Takes the line away; must be called before anything else is written. */
  clear(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.terminal.err('\r\u001b[K');
  }

  private draw(): void {
    this.frame = (this.frame + 1) % FRAMES.length;
    this.terminal.err(`\r\u001b[K${FRAMES[this.frame]} ${this.text}`);
  }
}
