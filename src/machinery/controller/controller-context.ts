import { isDeepStrictEqual } from 'node:util';
import type {
  EventText,
  KubeObject,
  ListFilter,
  Logger,
  ObjectKey,
  ReconcileContext,
  ResourceClass,
} from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Clock } from './clock.js';
import type { EventRecorder } from './event-recorder.js';
import type { Kinds } from './kinds.js';
import { isApplied } from './status-difference.js';

export interface ContextParts {
  /** The reconciler's name: its field manager. */
  name: string;
  kinds: Kinds;
  server: ApiServer;
  events: EventRecorder;
  signal: AbortSignal;
  logger: Logger;
  clock: Clock;
  wake(key: ObjectKey): void;
}

type WithStatus = KubeObject & { status?: object };

/** What one reconciler may do. It outlives a single call, so work that goes on in the background may keep it. */
export class ControllerContext implements ReconcileContext {
  readonly signal: AbortSignal;
  readonly logger: Logger;

  constructor(private readonly parts: ContextParts) {
    this.signal = parts.signal;
    this.logger = parts.logger;
  }

  now(): Date {
    return this.parts.clock.now();
  }

  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined {
    return this.parts.kinds.informerOf(kind).get(key);
  }

  list<T extends KubeObject>(kind: ResourceClass<T>, filter?: ListFilter): T[] {
    return this.parts.kinds.informerOf(kind).list(filter);
  }

  async applyStatus<T extends WithStatus>(resource: T, status: NonNullable<T['status']>): Promise<void> {
    const { kinds, server, name } = this.parts;
    if (isApplied(resource, status, name)) return;
    const { apiVersion, kind, metadata } = resource;
    const { namespace, name: objectName } = metadata;
    const patch = { apiVersion, kind, metadata: { name: objectName, namespace }, status };
    await server.apply<KubeObject>(kinds.typeOf(resource), patch, {
      subresource: 'status',
      fieldManager: name,
      force: true,
    });
  }

  async replaceStatus<T extends WithStatus>(resource: T, status: NonNullable<T['status']>): Promise<T> {
    if (isDeepStrictEqual(resource.status, status)) return resource;
    const { kinds, server, name } = this.parts;
    const options = { subresource: 'status', fieldManager: name } as const;
    return server.update<T>(kinds.typeOf(resource), { ...resource, status }, options);
  }

  apply<T extends KubeObject>(object: T, { fresh = false } = {}): Promise<T> {
    const { kinds, server, name } = this.parts;
    return server.apply<T>(kinds.typeOf(object), object, { fieldManager: name, force: !fresh });
  }

  async delete(resource: KubeObject): Promise<void> {
    const { uid } = resource.metadata;
    try {
      await this.parts.server.delete(this.parts.kinds.typeOf(resource), resource.metadata, {
        propagationPolicy: 'Background',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      // Conflict: another object has taken the name, so the one meant is gone.
      if (!StatusError.is(error, 'NotFound', 'Conflict')) throw error;
    }
  }

  event(resource: KubeObject, text: EventText): void {
    this.parts.events.record(resource, text);
  }

  wake(key: ObjectKey): void {
    this.parts.wake(key);
  }
}
