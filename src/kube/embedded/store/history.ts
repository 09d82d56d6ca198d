import type { Change } from './change.js';

export interface HistoryLimits {
  /** Events kept at most. */
  events: number;
  /** JSON characters kept at most. */
  characters: number;
}

const DEFAULT_LIMITS: HistoryLimits = { events: 10_000, characters: 16 * 1024 * 1024 };

/** The last committed changes, oldest first: what a watch resumes from and a paged list looks back with. */
export class History {
  private changes: Change[] = [];
  private first = 0;
  private characters = 0;

  constructor(
    /** Nothing at or before this version is known any more. */
    private floor: number,
    private readonly limits: HistoryLimits = DEFAULT_LIMITS,
  ) {}

  push(change: Change): void {
    this.changes.push(change);
    this.characters += change.seen.characters;
    while (
      this.changes.length - this.first > this.limits.events ||
      (this.characters > this.limits.characters && this.changes.length - this.first > 1)
    ) {
      const dropped = this.changes[this.first++]!;
      this.characters -= dropped.seen.characters;
      this.floor = dropped.version;
    }
    if (this.first > 1024 && this.first * 2 > this.changes.length) {
      this.changes = this.changes.slice(this.first);
      this.first = 0;
    }
  }

  /** Whether every change after `version` is still here. */
  reaches(version: number): boolean {
    return version >= this.floor;
  }

  /** Changes after `version`, oldest first. Only meaningful when `reaches(version)`. */
  after(version: number): Change[] {
    let low = this.first;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.changes[middle]!.version <= version) low = middle + 1;
      else high = middle;
    }
    return this.changes.slice(low);
  }
}
