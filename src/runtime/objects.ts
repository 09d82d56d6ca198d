import {
  type KubeObject,
  keyText,
  type ListFilter,
  notFound,
  type ObjectKey,
  type ResourceClass,
  resourceType,
} from '../kit/index.js';
import type { ApiServer } from '../kube/api-server/api-server.js';
import { StatusError } from '../kube/api-server/status.js';
import type { ResourceCache } from '../kube/cache/resource-cache.js';

type Class<T extends KubeObject> = ResourceClass<T>;

/** Reads of objects while a Query runs. What it returns is shared: never change it. */
export abstract class Objects {
  abstract get<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined>;
  abstract list<T extends KubeObject>(kind: Class<T>, filter: ListFilter): Promise<T[]>;

  /**
   * For objects that are absent as a rule, where asking the server each time would cost more than to learn of a new one
   * some milliseconds later.
   */
  abstract seldom<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined>;

  /** Throws `NotFound` naming the object and who wants it. */
  async need<T extends KubeObject>(kind: Class<T>, key: ObjectKey, wantedBy: string): Promise<T> {
    const object = await this.get(kind, key);
    if (!object) throw notFound(`${wantedBy}: ${kind.name} '${keyText(key)}' does not exist`);
    return object;
  }
}

/** Every read is a request to the API server: always fresh, nothing held in memory. */
export class ServerObjects extends Objects {
  constructor(private readonly server: ApiServer) {
    super();
  }

  async get<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    try {
      return await this.server.get<T>(resourceType(kind), key);
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  seldom<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    return this.get(kind, key);
  }

  async list<T extends KubeObject>(kind: Class<T>, filter: ListFilter): Promise<T[]> {
    const labelSelector = Object.entries(filter.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const options = { namespace: filter.namespace, ...(labelSelector ? { labelSelector } : {}) };
    return (await this.server.list<T>(resourceType(kind), options)).items;
  }
}

/**
 * Kinds that are followed anyway come from memory; a miss is asked of the server, since a copy lags behind by
 * milliseconds. All other kinds, Secrets above all, are read when they are needed and kept by nobody.
 */
export class CachedObjects extends Objects {
  private readonly server: ServerObjects;
  private readonly followed: Set<ResourceClass>;

  constructor(
    private readonly cache: ResourceCache,
    server: ApiServer,
    followed: ResourceClass[],
  ) {
    super();
    this.server = new ServerObjects(server);
    this.followed = new Set(followed);
  }

  async get<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    const cached = this.followed.has(kind) ? this.cache.informer<T>(resourceType(kind)).get(key) : undefined;
    return cached ?? this.server.get(kind, key);
  }

  async seldom<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    if (!this.followed.has(kind)) return this.server.get(kind, key);
    const informer = this.cache.informer<T>(resourceType(kind));
    await informer.synced;
    return informer.get(key);
  }

  async list<T extends KubeObject>(kind: Class<T>, filter: ListFilter): Promise<T[]> {
    if (!this.followed.has(kind)) return this.server.list(kind, filter);
    const informer = this.cache.informer<T>(resourceType(kind));
    await informer.synced;
    return informer.list(filter);
  }
}
