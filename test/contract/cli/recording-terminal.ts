import type { Terminal } from '../../../src/cli/terminal.js';

/** A terminal that nobody looks at: it keeps what was written and can press Ctrl-C. */
export class RecordingTerminal implements Terminal {
  stdout = '';
  stderr = '';
  exited?: number;
  input = '';
  outIsTty = false;
  errIsTty = false;
  readonly home = '/nonexistent';
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly cwd: string,
    readonly env: NodeJS.ProcessEnv = {},
  ) {}

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  readInput(): Promise<string> {
    return Promise.resolve(this.input);
  }

  onInterrupt(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  exit(code: number): void {
    this.exited = code;
  }

  get listens(): boolean {
    return this.listeners.size > 0;
  }

  pressCtrlC(): void {
    for (const listener of this.listeners) listener();
  }
}
