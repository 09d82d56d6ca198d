import { ArkError, type Counter, type Metrics } from '../../kit/index.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import type { Controller } from './controller.js';

/** How the controllers keep up: what waits, what fails, and what they hear from the API server. */
export class ControllerMetrics {
  private readonly errors: Counter;

  constructor(metrics: Metrics, controllers: () => readonly Controller[], cache: ResourceCache) {
    const labels = ['controller'];
    const each = (read: (controller: Controller) => number) => () =>
      controllers().map((controller) => ({ labels: { controller: controller.name }, value: read(controller) }));
    metrics.gauge(
      { name: 'ark_controller_queue_depth', help: 'Objects that wait to be reconciled.', labels },
      each(({ backlog }) => backlog.waiting),
    );
    metrics.gauge(
      { name: 'ark_controller_running', help: 'Objects that are being reconciled.', labels },
      each(({ backlog }) => backlog.running),
    );
    metrics.gauge(
      { name: 'ark_controller_queue_oldest_seconds', help: 'How long the first of the queue has waited.', labels },
      each(({ backlog }) => backlog.oldestMs / 1000),
    );
    this.errors = metrics.counter({
      name: 'ark_reconcile_errors_total',
      help: 'Reconciles that failed, by family of the error; `Bug` for what nobody expected.',
      labels: ['controller', 'family'],
    });
    const copies = () => cache.health().map((each) => ({ each, labels: { resource: each.type.plural } }));
    metrics.total(
      {
        name: 'ark_watch_restarts_total',
        help: 'Watches of the API server that broke and were begun again.',
        labels: ['resource'],
      },
      () => copies().map(({ each, labels }) => ({ labels, value: each.restarts })),
    );
    metrics.gauge(
      { name: 'ark_cached_objects', help: 'Objects this process holds a copy of.', labels: ['resource'] },
      () => copies().map(({ each, labels }) => ({ labels, value: each.objects })),
    );
  }

  failed(controller: string, error: unknown): void {
    this.errors.add({ controller, family: error instanceof ArkError ? error.family : 'Bug' });
  }
}
