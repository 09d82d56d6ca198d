import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Optional } from '@nestjs/common';
import { keyText, resourceType } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Settings } from '../../machinery/settings/settings.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { pushTokenDigest } from '../../resources/a2a-task/push-token.js';
import { PUSH_HEARD_AT, PUSH_TOKEN_DIGEST } from '../../resources/labels.js';
import type { Tidings } from '../foreign/tidings.js';
import type { HostedPlace } from './hosted-place.js';
import type { TaskRecord } from './task-record.js';

const TYPE = resourceType(A2ATask);
const TOKEN_BYTES = 32;
const ORDER_WITHIN_MS = 10_000;

/**
 * Asks A2A servers that offer it to send word of their tasks, where this process has an address for strangers
 * (`ARK_PUBLIC_URL`). Whichever replica hears marks the A2ATask, and the one that follows the task sees that.
 */
@Injectable()
export class PushOrders {
  private readonly listeners = new Map<string, Set<() => void>>();
  private isListening = false;

  constructor(
    private readonly server: ApiServer,
    private readonly logger: RootLogger,
    // A process that only serves an engine has neither.
    @Optional() private readonly cache?: ResourceCache,
    @Optional() private readonly settings?: Settings,
  ) {}

  /** Word of the task that will be recorded; undefined where there can be none. */
  of(place: HostedPlace, record: Pick<TaskRecord, 'written'>): Tidings | undefined {
    const publicUrl = this.settings?.publicUrl;
    const { cache } = this;
    if (!place.pushes || publicUrl === undefined || !cache) return undefined;
    let word = new AbortController();
    let unlisten = () => {};
    return {
      order: async (taskId, options) => {
        const task = await record.written();
        if (!task) return false;
        unlisten = this.listen(cache, task, () => word.abort());
        // The server was asked by an earlier attempt, and has kept that.
        if (task.metadata.annotations?.[PUSH_TOKEN_DIGEST]) return true;
        return this.order(place, task, { taskId, publicUrl, ...options });
      },
      next: async (withinMs, signal) => {
        await wait(withinMs, undefined, { signal: AbortSignal.any([signal, word.signal]) }).catch(() => undefined);
        signal.throwIfAborted();
        word = new AbortController();
      },
      end: () => unlisten(),
    };
  }

  private async order(place: HostedPlace, task: A2ATask, order: Order): Promise<boolean> {
    const { name, namespace = '' } = task.metadata;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const url = new URL(`${order.publicUrl}/v1/a2a-tasks/${encodeURIComponent(name)}/notifications`);
    url.searchParams.set('namespace', namespace);
    const authentication = { scheme: 'Bearer', credentials: token };
    const config = { tenant: '', id: randomUUID(), taskId: order.taskId, url: url.href, token, authentication };
    const late = AbortSignal.timeout(ORDER_WITHIN_MS);
    const signal = AbortSignal.any([late, ...(order.signal ? [order.signal] : [])]);
    try {
      // Before the server knows it: word may come at once.
      await this.mark(task, pushTokenDigest(token));
      await place.door.transport.createTaskPushNotificationConfig(config, { ...order, signal });
      return true;
    } catch (error) {
      order.signal?.throwIfAborted();
      this.logger.info(
        { a2aServer: place.server, task: name, err: error },
        'An A2A server will not send word of a task',
      );
      await this.mark(task, null).catch(() => undefined);
      return false;
    }
  }

  private mark({ metadata: { name, namespace } }: A2ATask, digest: string | null): Promise<A2ATask> {
    const body = { metadata: { annotations: { [PUSH_TOKEN_DIGEST]: digest } } };
    return this.server.patch<A2ATask>(TYPE, { name, namespace }, { type: 'merge', body });
  }

  private listen(cache: ResourceCache, { metadata: { name, namespace } }: A2ATask, listener: () => void): () => void {
    if (!this.isListening) this.follow(cache);
    const key = keyText({ name, namespace });
    const all = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0) this.listeners.delete(key);
    };
  }

  private follow(cache: ResourceCache): void {
    this.isListening = true;
    const heardAt = (task: A2ATask | undefined) => task?.metadata.annotations?.[PUSH_HEARD_AT];
    cache.informer<A2ATask>(TYPE).onChange(({ key, current, previous }) => {
      if (heardAt(current) === heardAt(previous)) return;
      for (const listener of this.listeners.get(keyText(key)) ?? []) listener();
    });
  }
}

interface Order {
  taskId: string;
  publicUrl: string;
  signal?: AbortSignal;
}
