/**
 * Group commit: changes submitted in one turn of the event loop, or while a commit is under way, share the next one.
 * A submission resolves after its batch is committed. After a failed commit everything waiting fails too, since it was
 * computed on top of what was lost.
 */
export class CommitQueue<T> {
  private waiting: { change: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  private running = false;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly commit: (changes: T[]) => Promise<void>,
    private readonly onFailure: () => void,
  ) {}

  submit(change: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ change, resolve, reject });
      this.schedule();
    });
  }

  /** Resolves when nothing is waiting or under way. */
  drained(): Promise<void> {
    if (!this.running && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    if (this.running || this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.commit(batch.map((entry) => entry.change));
        for (const entry of batch) entry.resolve();
      } catch (error) {
        const lost = [...batch, ...this.waiting];
        this.waiting = [];
        this.onFailure();
        for (const entry of lost) entry.reject(error);
      }
    }
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
