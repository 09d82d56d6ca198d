import type { EventText, KubeObject } from '../../kit/index.js';
import type { Clock } from './clock.js';
import { type Occurrence, referenceTo } from './event-object.js';

/** Texts and objects remembered. The one that was quiet longest is forgotten first. */
const MAX_REMEMBERED = 4_096;
/** Different messages of one reason on one object, within so long, before they are told as one. */
const MAX_SIMILAR = 10;
const SIMILAR_WITHIN_MS = 600_000;
/** What one object may report at once, and how long until it may report once more. As in Kubernetes' own recorder. */
const BURST = 25;
const REFILL_MS = 300_000;
const COMBINED = '(combined from similar events): ';

interface Similar {
  messages: Set<string>;
  last: number;
}

/**
 * Makes one Event of repeats and of messages that differ only in detail, and keeps an object that reports all the time
 * from taking the room of the others.
 */
export class EventCorrelator {
  private readonly occurrences = new Map<string, Occurrence>();
  private readonly similar = new Map<string, Similar>();
  private readonly allowances = new Map<string, { left: number; at: number }>();

  constructor(private readonly clock: Clock) {}

  /** The Event that a report belongs to; undefined when its object has reported too much: then it is only counted. */
  correlate(resource: KubeObject, text: EventText): Occurrence | undefined {
    const now = this.clock.now();
    const object = resource.metadata.uid ?? `${resource.kind} ${resource.metadata.namespace}/${resource.metadata.name}`;
    const combined = this.isOneOfMany(`${object} ${text.type} ${text.reason}`, text.message, now.getTime());
    const id = `${object} ${text.type} ${text.reason} ${combined ? COMBINED : text.message}`;
    const told = combined ? { ...text, message: COMBINED + text.message } : text;
    const before = recall(this.occurrences, id);
    const occurrence = before ?? { about: referenceTo(resource), text: told, first: now, last: now, count: 0 };
    occurrence.text = told;
    occurrence.count += 1;
    occurrence.last = now;
    remember(this.occurrences, id, occurrence);
    return this.mayReport(object, now.getTime()) ? occurrence : undefined;
  }

  private isOneOfMany(id: string, message: string, now: number): boolean {
    const before = recall(this.similar, id);
    const fresh = before && now - before.last < SIMILAR_WITHIN_MS ? before : { messages: new Set<string>(), last: now };
    fresh.last = now;
    if (fresh.messages.size < MAX_SIMILAR) fresh.messages.add(message);
    remember(this.similar, id, fresh);
    return !fresh.messages.has(message);
  }

  private mayReport(object: string, now: number): boolean {
    const before = recall(this.allowances, object) ?? { left: BURST, at: now };
    const left = Math.min(BURST, before.left + (now - before.at) / REFILL_MS);
    remember(this.allowances, object, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  }
}

/** Takes an entry out, so that putting it back makes it the youngest. */
function recall<T>(entries: Map<string, T>, id: string): T | undefined {
  const entry = entries.get(id);
  entries.delete(id);
  return entry;
}

function remember<T>(entries: Map<string, T>, id: string, entry: T): void {
  entries.set(id, entry);
  if (entries.size > MAX_REMEMBERED) entries.delete(entries.keys().next().value as string);
}
