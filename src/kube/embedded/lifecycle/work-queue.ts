/** Names waiting for work, each at most once. All that wait are worked on together, so that their writes share commits. */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private running?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly work: (name: string) => Promise<void>,
    private readonly onError: (name: string, error: unknown) => void,
  ) {}

  add(name: string): void {
    if (this.stopped) return;
    this.waiting.add(name);
    this.running ??= this.run();
  }

  /** Resolves when everything that was added is done. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** No more work is begun; resolves when the present piece is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.waiting.clear();
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.size > 0) {
      // Writers of the same turn come first; what they commit together is worked on together.
      await Promise.resolve();
      const names = [...this.waiting];
      this.waiting.clear();
      await Promise.all(names.map((name) => this.attempt(name)));
    }
    this.running = undefined;
  }

  private async attempt(name: string): Promise<void> {
    try {
      await this.work(name);
    } catch (error) {
      if (!this.stopped) this.onError(name, error);
    }
  }
}
