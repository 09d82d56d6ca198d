import type { EventText, KubeObject, Logger } from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Clock } from './clock.js';
import { EventBacklog } from './event-backlog.js';
import { EventCorrelator } from './event-correlator.js';
import { EVENT, eventObject, eventRepeat, type Occurrence } from './event-object.js';

/** The API server refuses longer messages; some room is for what is put before them. */
const MAX_MESSAGE = 960;
/** A pause after each write keeps Events to a tenth of what the API server can take. */
const PAUSE_MS = 10;
/** Dropped Events are told of at the latest after so long. */
const TELL_DROPPED_MS = 10_000;

/** Writes Kubernetes Events in the background: repeats are counted on one Event, bursts are bounded, failures dropped. */
export class EventRecorder {
  private readonly correlator: EventCorrelator;
  private readonly waiting = new EventBacklog();
  private sending?: Promise<void>;
  private dropped = 0;
  private draining = false;
  private callOffTelling?: () => void;

  constructor(
    private readonly server: ApiServer,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    this.correlator = new EventCorrelator(clock);
  }

  record(resource: KubeObject, text: EventText): void {
    const occurrence = this.correlator.correlate(resource, { ...text, message: text.message.slice(0, MAX_MESSAGE) });
    this.countDropped(occurrence ? this.waiting.add(occurrence) : 1);
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

  private countDropped(count: number): void {
    if (count === 0) return;
    this.dropped += count;
    this.callOffTelling ??= this.clock.after(TELL_DROPPED_MS, () => this.tellDropped());
  }

  private tellDropped(): void {
    this.callOffTelling?.();
    this.callOffTelling = undefined;
    if (this.dropped > 0) this.logger.warn({ dropped: this.dropped }, 'Too many Events at once; some were dropped');
    this.dropped = 0;
  }

  private async send(): Promise<void> {
    // Whoever recorded the Event goes on first: it must never wait for it.
    await this.pause(0);
    for (let occurrence = this.waiting.take(); occurrence; occurrence = this.waiting.take()) {
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
      const key = { namespace, name: occurrence.name };
      try {
        await this.server.patch(EVENT, key, { type: 'merge', body: eventRepeat(occurrence) });
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
