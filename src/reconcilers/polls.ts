import { createHash } from 'node:crypto';
import { type KubeObject, Next, type ReconcileContext } from '../kit/index.js';
import { durationOr } from '../resources/values/duration.js';
import { type Duties, othersDuty } from './duties.js';
import { HostTurns } from './host-turns.js';

const DEFAULT_POLL_MS = 60_000;
/** An interval of zero would be a busy loop against somebody's service; so would one that always says it has changed. */
const SHORTEST_POLL_MS = 1_000;
const FIRST_RETRY_MS = 2_000;

export interface Question<T> {
  /** Whom it goes to; a few questions go to one host at once. */
  host: string;
  /** Everything it is asked with, keys included. Asked anew at once when that changes. */
  askedWith: unknown;
  /**
   * Must end in bounded time. Failures of the other side are answers; what it throws is a bug of ours. `before` is the
   * last answer to the same question.
   */
  ask(signal: AbortSignal, before: T | undefined): Promise<T>;
  /** Whether to ask again sooner than the interval says. Default: never. */
  failed?(answer: T): boolean;
}

interface Poll<T> {
  /** A digest, because it holds keys. */
  fingerprint: string;
  answer?: T;
  thrown?: { error: unknown };
  failures: number;
  at: number;
  dueAt: number;
  /** Present while it is asked. */
  stop?: AbortController;
}

/** An object whose `pollInterval` says how often its foreign side is asked. */
type Polled = KubeObject & { spec: { pollInterval?: string } };

/**
 * Asks the foreign sides of objects from time to time: in the background, so that hosts which hang hold no worker; by
 * one process of all; and not because of every status write, for a question may cost money.
 */
export class Polls<T> {
  private readonly polls = new Map<string, Poll<T>>();
  private readonly turns = new HostTurns();

  constructor(private readonly duties: Duties) {}

  /** When to look again at an object that another process asks for; undefined when it is this one's. */
  othersDuty(object: KubeObject): Next | undefined {
    const next = othersDuty(this.duties, object);
    if (next) this.forget(object.metadata.uid ?? '');
    return next;
  }

  /** Whether it was ever asked; the cache may not show yet what was written then. */
  knows({ metadata: { uid = '' } }: KubeObject): boolean {
    return this.polls.has(uid);
  }

  /**
   * The last answer to this question, if there is one, and when to look again. Begins to ask when that is due; the
   * reconciler is woken when the answer is there.
   */
  look(object: Polled, question: Question<T>, context: ReconcileContext): { answer?: T; next: Next } {
    const poll = this.pollOf(object, question);
    if (poll.thrown) {
      this.forget(object.metadata.uid ?? '');
      throw poll.thrown.error;
    }
    const waitMs = poll.dueAt - context.now().getTime();
    if (!poll.stop && waitMs <= 0) this.begin(object, poll, question, context);
    return { answer: poll.answer, next: poll.stop ? Next.onChange() : Next.after(waitMs) };
  }

  /** The other side has changed: it is due soon. */
  expire(uid: string, now: Date): void {
    const poll = this.polls.get(uid);
    if (poll) poll.dueAt = Math.min(poll.dueAt, Math.max(now.getTime(), poll.at + SHORTEST_POLL_MS));
  }

  forget(uid: string): void {
    this.polls.get(uid)?.stop?.abort();
    this.polls.delete(uid);
  }

  private pollOf(object: Polled, { askedWith }: Question<T>): Poll<T> {
    const { uid = '', generation } = object.metadata;
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([generation, askedWith]))
      .digest('base64');
    const known = this.polls.get(uid);
    if (known?.fingerprint === fingerprint) return known;
    known?.stop?.abort();
    const poll = { fingerprint, failures: 0, at: 0, dueAt: 0 };
    this.polls.set(uid, poll);
    return poll;
  }

  private begin(object: Polled, poll: Poll<T>, question: Question<T>, context: ReconcileContext): void {
    const stop = new AbortController();
    poll.stop = stop;
    void this.finish(object, poll, question, context, AbortSignal.any([stop.signal, context.signal]));
  }

  private async finish(
    object: Polled,
    poll: Poll<T>,
    question: Question<T>,
    context: ReconcileContext,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const answer = await this.turns.at(question.host, signal, () => question.ask(signal, poll.answer));
      if (signal.aborted) return;
      poll.answer = answer;
      poll.failures = question.failed?.(answer) ? poll.failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      poll.thrown = { error };
    }
    poll.stop = undefined;
    poll.at = context.now().getTime();
    const interval = pollMs(object);
    const retryMs = poll.failures > 0 ? FIRST_RETRY_MS * 2 ** (poll.failures - 1) : interval;
    poll.dueAt = poll.at + Math.min(interval, retryMs);
    context.wake(object.metadata);
  }
}

/** How often an object's foreign side is asked, in milliseconds. */
export function pollInterval({ spec }: Polled): number {
  return Math.max(SHORTEST_POLL_MS, durationOr(spec.pollInterval, DEFAULT_POLL_MS));
}

/** The interval of an object, up to a tenth more or less, so that many are not asked at the same moment. */
export function pollMs(object: Polled): number {
  return pollInterval(object) * (0.9 + Math.random() * 0.2);
}
