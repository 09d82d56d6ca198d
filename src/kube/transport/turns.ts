/** At most so many at once; the others wait, first come first served. */
export class Turns {
  private readonly waiting = new Set<(mine: boolean) => void>();

  constructor(private free: number) {}

  /** True: it is one's turn, to be given back. False: the time passed, the signal was given, or nobody gets a turn again. */
  take(withinMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const end = (mine: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.waiting.delete(end);
        resolve(mine);
      };
      const leave = () => end(false);
      const timer = setTimeout(leave, withinMs);
      signal?.addEventListener('abort', leave);
      this.waiting.add(end);
    });
  }

  give(): void {
    const [next] = this.waiting;
    if (next) next(true);
    else this.free += 1;
  }

  close(): void {
    for (const end of this.waiting) end(false);
  }
}
