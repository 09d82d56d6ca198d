/** Between two times that a task is written while somebody elsewhere follows it. */
const EVERY_MS = 250;
/** A long answer is written less often, since each time it is written whole. */
const CHARACTERS_PER_MS = 1_000;

/** Writes what a task says for those who follow it elsewhere, soon and not too often. */
export class FollowedTask {
  private timer?: NodeJS.Timeout;
  private pauseMs = 0;
  private ended = false;

  /** @param write writes the task as it is now, and says how many characters that took; never fails */
  constructor(private readonly write: () => Promise<number>) {}

  /** There is something to be told. */
  grows(): void {
    if (this.ended) return;
    this.timer ??= setTimeout(() => void this.tell(), this.pauseMs);
  }

  /** Whoever writes its end tells the rest. */
  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private async tell(): Promise<void> {
    const characters = await this.write();
    this.pauseMs = EVERY_MS + characters / CHARACTERS_PER_MS;
    this.timer = undefined;
  }
}
