import type { Occurrence } from './event-object.js';

/** Events waiting to be written. What comes on top is dropped: an Event is a courtesy, a full memory is not. */
const MAX_WAITING = 5_000;
/** From here on an object has one normal Event waiting, its newest, so that every object's last word has room. */
const CROWDED = 1_000;

/** Events that wait to be written: warnings before normal ones, each in the order of their reports. */
export class EventBacklog {
  private readonly warnings = new Set<Occurrence>();
  private readonly normal = new Set<Occurrence>();
  /** The newest normal one by object. */
  private readonly newest = new Map<string, Occurrence>();

  get size(): number {
    return this.warnings.size + this.normal.size;
  }

  /** Adds an Event; returns how many had to be left out for it, itself included. */
  add(occurrence: Occurrence): number {
    if (this.warnings.has(occurrence) || this.normal.has(occurrence)) return 0;
    const isWarning = occurrence.text.type === 'Warning';
    let dropped = 0;
    if (!isWarning && this.size >= CROWDED) dropped += this.drop(this.newest.get(objectOf(occurrence)));
    if (this.size >= MAX_WAITING) {
      dropped += 1;
      if (!isWarning || !this.drop(this.normal.values().next().value)) return dropped;
    }
    if (isWarning) this.warnings.add(occurrence);
    else {
      this.normal.add(occurrence);
      this.newest.set(objectOf(occurrence), occurrence);
    }
    return dropped;
  }

  take(): Occurrence | undefined {
    const next: Occurrence | undefined = this.warnings.values().next().value ?? this.normal.values().next().value;
    if (next && !this.warnings.delete(next)) this.drop(next);
    return next;
  }

  clear(): void {
    for (const waiting of [this.warnings, this.normal, this.newest]) waiting.clear();
  }

  /** How many that were: one, or none. */
  private drop(occurrence: Occurrence | undefined): number {
    if (!occurrence || !this.normal.delete(occurrence)) return 0;
    if (this.newest.get(objectOf(occurrence)) === occurrence) this.newest.delete(objectOf(occurrence));
    return 1;
  }
}

const objectOf = ({ about }: Occurrence) => about.uid ?? `${about.kind} ${about.namespace}/${about.name}`;
