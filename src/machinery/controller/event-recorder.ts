import { randomBytes } from 'node:crypto';
import type { EventText, KubeObject, Logger, ResourceType } from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Clock } from './clock.js';

const EVENT: ResourceType = { group: '', version: 'v1', kind: 'Event', plural: 'events', namespaced: true };
/** Under which name Events are reported; what tools written for Ark look for. */
const COMPONENT = 'ark-controller';
/** The API server refuses longer messages. */
const MAX_MESSAGE = 1_024;
/** Events waiting to be written. What comes on top is dropped: an Event is a courtesy, a full memory is not. */
const MAX_WAITING = 1_000;
/** Texts remembered so that repeats are counted instead of written anew. */
const MAX_REMEMBERED = 4_096;
/** A pause after each write keeps Events to a tenth of what the API server can take. */
const PAUSE_MS = 10;
/** Dropped Events are told of at the latest after so long. */
const TELL_DROPPED_MS = 10_000;

interface Occurrence {
  /** The object it is about; not the object itself, which may hold a long answer. */
  about: ObjectReference;
  text: EventText;
  first: Date;
  last: Date;
  count: number;
  /** The stored Event, once there is one. */
  name?: string;
}

interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  resourceVersion?: string;
}

/** Writes Kubernetes Events in the background: repeats are counted on one Event, bursts are bounded, failures dropped. */
export class EventRecorder {
  private readonly remembered = new Map<string, Occurrence>();
  private readonly waiting = new Set<Occurrence>();
  private sending?: Promise<void>;
  private dropped = 0;
  private draining = false;
  private callOffTelling?: () => void;

  constructor(
    private readonly server: ApiServer,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  record(resource: KubeObject, text: EventText): void {
    const occurrence = this.remember(resource, { ...text, message: text.message.slice(0, MAX_MESSAGE) });
    if (!this.waiting.has(occurrence) && this.waiting.size >= MAX_WAITING) {
      this.countDropped();
      if (text.type !== 'Warning' || !this.leaveOutNormal()) return;
    }
    this.waiting.add(occurrence);
    this.sending ??= this.send();
  }

  /** At shutdown: writes what waits without pauses; drops it after so long, and does not wait for the API server. */
  async close(withinMs: number): Promise<void> {
    this.draining = true;
    let callOff = () => {};
    const limit = new Promise<void>((resolve) => {
      callOff = this.clock.after(withinMs, resolve);
    });
    await Promise.race([this.sending, limit]);
    callOff();
    this.waiting.clear();
    this.tellDropped();
  }

  private countDropped(): void {
    this.dropped += 1;
    this.callOffTelling ??= this.clock.after(TELL_DROPPED_MS, () => this.tellDropped());
  }

  private tellDropped(): void {
    this.callOffTelling?.();
    this.callOffTelling = undefined;
    if (this.dropped > 0) this.logger.warn({ dropped: this.dropped }, 'Too many Events at once; some were dropped');
    this.dropped = 0;
  }

  /** Makes room for a Warning; false if only Warnings wait. */
  private leaveOutNormal(): boolean {
    for (const occurrence of this.waiting) {
      if (occurrence.text.type === 'Normal') return this.waiting.delete(occurrence);
    }
    return false;
  }

  private remember(resource: KubeObject, text: EventText): Occurrence {
    const id = `${resource.metadata.uid} ${text.type} ${text.reason} ${text.message}`;
    const now = this.clock.now();
    const before = this.remembered.get(id);
    const occurrence = before ?? { about: referenceTo(resource), text, first: now, last: now, count: 0 };
    occurrence.count += 1;
    occurrence.last = now;
    // Putting it last makes the first entry the one that was quiet longest.
    this.remembered.delete(id);
    this.remembered.set(id, occurrence);
    if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value as string);
    return occurrence;
  }

  private async send(): Promise<void> {
    // Whoever recorded the Event goes on first: it must never wait for it.
    await this.pause(0);
    for (const occurrence of this.waiting) {
      this.waiting.delete(occurrence);
      try {
        await this.write(occurrence);
      } catch (error) {
        this.logger.debug({ err: error, reason: occurrence.text.reason }, 'An Event could not be written');
      }
      if (this.waiting.size > 0 && !this.draining) await this.pause(PAUSE_MS);
    }
    this.sending = undefined;
    this.tellDropped();
  }

  private async write(occurrence: Occurrence): Promise<void> {
    const namespace = occurrence.about.namespace ?? 'default';
    if (occurrence.name !== undefined) {
      const body = { count: occurrence.count, lastTimestamp: stamp(occurrence.last) };
      try {
        await this.server.patch(EVENT, { namespace, name: occurrence.name }, { type: 'merge', body });
        return;
      } catch (error) {
        // It has outlived its time to live; a new one begins.
        if (!StatusError.is(error, 'NotFound')) throw error;
      }
    }
    const event = eventObject(occurrence, namespace);
    await this.server.create<KubeObject>(EVENT, event);
    occurrence.name = event.metadata.name;
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(milliseconds, resolve));
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

function eventObject({ about, text, first, last, count }: Occurrence, namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.name.slice(0, 230)}.${randomBytes(8).toString('hex')}`, namespace },
    involvedObject: about,
    reason: text.reason,
    message: text.message,
    type: text.type,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: '',
    firstTimestamp: stamp(first),
    lastTimestamp: stamp(last),
    count,
  };
}

/** Kubernetes times have whole seconds. */
const stamp = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z');
