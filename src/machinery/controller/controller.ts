import {
  type KubeObject,
  keyText,
  type Logger,
  type ObjectKey,
  type Reconcile,
  type ReconcilerOptions,
} from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { isBug, ruleOf } from '../errors/families.js';
import type { BugReports } from '../observability/bug-reports.js';
import type { Clock } from './clock.js';
import { ControllerContext } from './controller-context.js';
import type { EventRecorder } from './event-recorder.js';
import { type InformerSource, Kinds } from './kinds.js';
import { parseKey } from './object-keys.js';
import { RetryPolicy } from './retry-policy.js';
import { watch } from './watches.js';
import { WorkQueue } from './work-queue.js';

export interface ControllerParts {
  options: ReconcilerOptions;
  reconciler: Reconcile<never>;
  cache: InformerSource;
  server: ApiServer;
  events: EventRecorder;
  logger: Logger;
  bugs: BugReports;
  /** Hears of every reconcile that failed. */
  onFailure?: (controller: string, error: unknown) => void;
  clock: Clock;
  random?: () => number;
}

const DEFAULT_CONCURRENCY = 16;

/** Runs one reconciler: hears of changes, calls it one object at a time, repeats what failed. */
export class Controller {
  readonly name: string;
  private readonly queue: WorkQueue;
  private readonly retries: RetryPolicy;
  private readonly kinds: Kinds;
  private readonly context: ControllerContext;
  private readonly stopping = new AbortController();
  private readonly logger: Logger;
  private unwatch: () => void = () => undefined;

  /** Asks for the informers; nothing is listened to yet. */
  constructor(private readonly parts: ControllerParts) {
    const { options, cache, server, events, clock } = parts;
    this.name = options.name;
    this.logger = parts.logger.child({ controller: this.name });
    this.retries = new RetryPolicy(parts.random);
    this.kinds = new Kinds(options, cache);
    this.queue = new WorkQueue({
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      clock,
      work: (key) => this.work(key),
    });
    this.context = new ControllerContext({
      name: this.name,
      kinds: this.kinds,
      server,
      events,
      clock,
      signal: this.stopping.signal,
      logger: this.logger,
      wake: (key) => this.queue.add(keyText(key)),
    });
  }

  get backlog(): WorkQueue['backlog'] {
    return this.queue.backlog;
  }

  /** Collects what changes; calls begin with `start`. */
  listen(): void {
    this.unwatch = watch(this.parts.options, this.kinds, {
      wake: (key) => this.queue.add(keyText(key)),
      gone: (key, uid) => this.gone(key, uid),
      bug: (error, facts) => this.parts.bugs.report(error, { controller: this.name, ...facts }),
    });
  }

  /** To be called when every informer holds what exists. */
  start(): void {
    this.queue.start();
  }

  /** Looks at every object again, whether it changed or not. */
  resync(): void {
    for (const { metadata } of this.kinds.informerOf(this.parts.options.kind).list()) {
      this.queue.add(keyText(metadata));
    }
  }

  /** Aborts the signal, begins nothing more; resolves when the last call is done. */
  stop(): Promise<void> {
    this.unwatch();
    this.stopping.abort();
    return this.queue.stop();
  }

  private async work(text: string): Promise<void> {
    const resource = this.kinds.informerOf<KubeObject>(this.parts.options.kind).get(parseKey(text));
    if (!resource) return;
    try {
      const next = await this.parts.reconciler.reconcile(resource as never, this.context);
      this.retries.succeeded(text);
      if (next.afterMs !== undefined) this.queue.addAfter(text, next.afterMs);
    } catch (error) {
      this.failed(text, error);
    }
  }

  private failed(text: string, error: unknown): void {
    if (this.stopping.signal.aborted) return;
    this.parts.onFailure?.(this.name, error);
    const delay = this.retries.delayAfter(text, error);
    if (isBug(error)) this.parts.bugs.report(error, { controller: this.name, object: text, retryMs: delay });
    else this.logger[ruleOf(error).log]({ object: text, retryMs: delay }, (error as Error).message);
    if (delay === 0) this.queue.add(text);
    else if (delay !== undefined) this.queue.addAfter(text, delay);
  }

  private gone(key: ObjectKey, uid: string): void {
    const text = keyText(key);
    this.queue.forget(text);
    this.retries.succeeded(text);
    try {
      this.parts.reconciler.forget?.(key, uid);
    } catch (error) {
      this.parts.bugs.report(error, { controller: this.name, object: text });
    }
  }
}
