import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { errorText, Metrics, reconcilers } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Holders } from '../leadership/holders.js';
import { BugReports } from '../observability/bug-reports.js';
import { HealthChecks } from '../observability/health-checks.js';
import { RootLogger } from '../observability/root-logger.js';
import { InstalledExtensions } from '../registry/installed-extensions.js';
import { Settings } from '../settings/settings.js';
import { systemClock } from './clock.js';
import { Controller } from './controller.js';
import { ControllerMetrics } from './controller-metrics.js';
import { EventRecorder } from './event-recorder.js';

/** Calls that are still running at shutdown may take so long. */
const SHUTDOWN_LIMIT_MS = 5_000;
/** And Events that wait to be written so long. */
const EVENTS_LIMIT_MS = 500;

/**
 * The controllers of this application: one for each reconciler found.
 *
 * They begin after every informer is synced, in the background: the application listens meanwhile and is not ready.
 */
@Injectable()
export class Controllers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly events: EventRecorder;
  private readonly metrics: ControllerMetrics;
  private controllers: Controller[] = [];
  private state: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(
    private readonly extensions: InstalledExtensions,
    private readonly cache: ResourceCache,
    private readonly server: ApiServer,
    private readonly logger: RootLogger,
    private readonly bugs: BugReports,
    private readonly health: HealthChecks,
    private readonly settings: Settings,
    private readonly holders: Holders,
    metrics: Metrics,
  ) {
    this.metrics = new ControllerMetrics(metrics, () => this.controllers, cache);
    this.events = new EventRecorder(server, logger, systemClock);
  }

  onApplicationBootstrap(): void {
    const { cache, server, logger, bugs, events } = this;
    const found = this.settings.roles.includes('controller') ? this.extensions.list(reconcilers) : [];
    this.controllers = found.map(
      ({ mark, instance: reconciler }) =>
        new Controller({
          options: mark.options,
          reconciler,
          cache,
          server,
          events,
          logger,
          bugs,
          onFailure: (controller, error) => this.metrics.failed(controller, error),
          clock: systemClock,
        }),
    );
    for (const controller of this.controllers) controller.listen();
    this.holders.onGone(() => this.takeOver());
    this.health.add('api-server', () => this.unreachable());
    this.health.add('informers', () => this.unsynced());
    this.health.add('controllers', () => (this.state === 'running' ? undefined : this.state));
    void this.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.state = 'stopping';
    const stopped = Promise.all(this.controllers.map((controller) => controller.stop()));
    if (!(await within(SHUTDOWN_LIMIT_MS, stopped))) {
      this.logger.warn({ limitMs: SHUTDOWN_LIMIT_MS }, 'Some reconciles did not end in time');
    }
    await this.events.close(EVENTS_LIMIT_MS);
  }

  private async begin(): Promise<void> {
    try {
      await this.cache.synced();
    } catch (error) {
      // The cache gives up only when it is closed.
      this.logger.debug({}, `The controllers do not start: ${errorText(error)}`);
      return;
    }
    if (this.state !== 'starting') return;
    for (const controller of this.controllers) controller.start();
    this.state = 'running';
    this.logger.info({ controllers: this.controllers.map(({ name }) => name) }, 'The controllers run');
  }

  /** What a process did that is gone, others do now; every one of them finds out which part is its own. */
  private takeOver(): void {
    if (this.state !== 'running') return;
    for (const controller of this.controllers) controller.resync();
  }

  private unreachable(): string | undefined {
    const broken = this.cache.health().filter(({ error }) => error !== undefined);
    return broken.length > 0 ? broken.map(({ type, error }) => `${type.plural}: ${error}`).join('; ') : undefined;
  }

  private unsynced(): string | undefined {
    const waiting = this.cache.health().filter(({ synced }) => !synced);
    return waiting.length > 0 ? `waiting for ${waiting.map(({ type }) => type.plural).join(', ')}` : undefined;
  }
}

/** Whether the promise settled in time. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
