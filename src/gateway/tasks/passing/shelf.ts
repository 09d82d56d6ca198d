interface Kept {
  at: number;
  size: number;
}

export interface ShelfLimits {
  /** Milliseconds something is kept. */
  keptMs: number;
  most: number;
  /** Of all sizes together. The newest stays, however big it is. */
  mostSize: number;
}

/** Remembers for how long things are kept, and which of them have to go. */
export class Shelf {
  /** The oldest first. */
  private readonly kept = new Map<string, Kept>();
  private size = 0;

  constructor(private readonly limits: ShelfLimits) {}

  /** Puts something on the shelf; returns what has to go for it. */
  put(key: string, size: number, now: number): string[] {
    this.take(key);
    this.kept.set(key, { at: now, size });
    this.size += size;
    return this.leaving(now);
  }

  /** Somebody needs it again. */
  take(key: string): void {
    this.size -= this.kept.get(key)?.size ?? 0;
    this.kept.delete(key);
  }

  private leaving(now: number): string[] {
    const { keptMs, most, mostSize } = this.limits;
    const gone: string[] = [];
    for (const [key, { at }] of this.kept) {
      const crowded = this.kept.size > most || (this.size > mostSize && this.kept.size > 1);
      if (!crowded && at > now - keptMs) break;
      this.take(key);
      gone.push(key);
    }
    return gone;
  }
}
