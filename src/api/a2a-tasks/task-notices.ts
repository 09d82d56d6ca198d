import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Counter, keyText, Metrics, type ObjectKey, resourceType } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { isPushTokenOf } from '../../resources/a2a-task/push-token.js';
import { isEnded } from '../../resources/a2a-task/task-phase.js';
import { PUSH_HEARD_AT } from '../../resources/labels.js';

const MANAGER = { fieldManager: 'ark-api' };
/** A server that sends word all the time is not asked for news more often than this. */
const REST_MS = 1_000;

/**
 * Word from A2A servers that there is news of a task. What it says of the task is not believed: it marks the A2ATask, and
 * whoever follows the task asks the server.
 */
@Injectable()
export class TaskNotices implements OnModuleDestroy {
  private readonly tasks: Informer<A2ATask>;
  private readonly heard: Counter;
  /** Tasks that were marked just now, and what follows for those that were told of again. */
  private readonly resting = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();

  constructor(
    private readonly server: ApiServer,
    private readonly logger: RootLogger,
    metrics: Metrics,
    cache: ResourceCache,
  ) {
    this.tasks = cache.informer<A2ATask>(resourceType(A2ATask));
    this.heard = metrics.counter({
      name: 'ark_a2a_notifications_total',
      help: 'Push notifications of A2A servers about their tasks, by outcome: accepted, or refused for a wrong token.',
      labels: ['outcome'],
    });
  }

  onModuleDestroy(): void {
    for (const { timer } of this.resting.values()) clearTimeout(timer);
    this.resting.clear();
  }

  /** Whether the word was the task's server's. */
  async take(key: ObjectKey, token: string | undefined): Promise<boolean> {
    await this.tasks.synced;
    const task = this.tasks.get(key);
    const isTrue = task !== undefined && token !== undefined && isPushTokenOf(task, token);
    this.heard.add({ outcome: isTrue ? 'accepted' : 'refused' });
    if (isTrue && !isEnded(task.status?.phase)) await this.mark(key);
    return isTrue;
  }

  private async mark(key: ObjectKey): Promise<void> {
    const id = keyText(key);
    const rest = this.resting.get(id);
    if (rest) {
      rest.again = true;
      return;
    }
    this.resting.set(id, { timer: setTimeout(() => this.rested(key), REST_MS).unref(), again: false });
    const body = { metadata: { annotations: { [PUSH_HEARD_AT]: new Date().toISOString() } } };
    await this.server.patch<A2ATask>(resourceType(A2ATask), key, { type: 'merge', body }, MANAGER);
  }

  private rested(key: ObjectKey): void {
    const rest = this.resting.get(keyText(key));
    this.resting.delete(keyText(key));
    if (!rest?.again) return;
    this.mark(key).catch((error: unknown) => {
      this.logger.debug({ task: keyText(key), err: error }, 'Word of a task is lost; the task is looked at in time');
    });
  }
}
