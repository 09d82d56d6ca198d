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
import type { Informer } from '../kube/cache/informer.js';
import type { ResourceCache } from '../kube/cache/resource-cache.js';
import { Query } from '../resources/query/query.resource.js';
import type { PassingQueries } from './passing/passing-queries.js';
import { QueryRights } from './rights/query-rights.js';

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

  /**
   * The same for the work on a Query: with the rights of its service account where it names one, else as they are.
   *
   * @throws `Denied` when the Query may not have those rights
   */
  abstract seenBy(query: Query): Promise<Objects>;

  /** Throws `NotFound` naming the object and who wants it. */
  async need<T extends KubeObject>(kind: Class<T>, key: ObjectKey, wantedBy: string): Promise<T> {
    const object = await this.get(kind, key);
    if (!object) throw notFound(`${wantedBy}: ${kind.name} '${keyText(key)}' does not exist`);
    return object;
  }
}

/** Every read is a request to the API server: always fresh, nothing held in memory. */
export class ServerObjects extends Objects {
  /** @param rights default: no Query has rights of its own */
  constructor(
    private readonly server: ApiServer,
    private readonly rights = new QueryRights(server),
  ) {
    super();
  }

  async seenBy(query: Query): Promise<Objects> {
    return query.spec.serviceAccount === undefined ? this : new NarrowObjects(await this.rights.serverFor(query));
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

/** What one service account may see, which is the same whoever asks for it. */
class NarrowObjects extends ServerObjects {
  override async seenBy(): Promise<Objects> {
    return this;
  }
}

/**
 * Kinds that are followed anyway come from memory; a miss is asked of the server, since a copy lags behind by
 * milliseconds. All other kinds, Secrets above all, are read when they are needed and kept by nobody.
 */
export class CachedObjects extends Objects {
  private readonly server: ServerObjects;
  private readonly followed: Set<ResourceClass>;
  private readonly informers = new Map<ResourceClass, Informer>();

  constructor(
    private readonly cache: ResourceCache,
    server: ApiServer,
    followed: ResourceClass[],
    private readonly passing: PassingQueries,
    rights = new QueryRights(server),
  ) {
    super();
    this.server = new ServerObjects(server, rights);
    this.followed = new Set(followed);
  }

  /** Memory knows no rights: what only some may see is asked of the server. */
  async seenBy(query: Query): Promise<Objects> {
    return query.spec.serviceAccount === undefined ? this : this.server.seenBy(query);
  }

  async get<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    const passing = (kind as ResourceClass) === Query ? this.passing.get(key) : undefined;
    if (passing) return passing as KubeObject as T;
    const cached = this.followed.has(kind) ? this.informer(kind).get(key) : undefined;
    return cached ?? this.server.get(kind, key);
  }

  async seldom<T extends KubeObject>(kind: Class<T>, key: ObjectKey): Promise<T | undefined> {
    if (!this.followed.has(kind)) return this.server.get(kind, key);
    const informer = this.informer(kind);
    await informer.synced;
    return informer.get(key);
  }

  async list<T extends KubeObject>(kind: Class<T>, filter: ListFilter): Promise<T[]> {
    if (!this.followed.has(kind)) return this.server.list(kind, filter);
    const informer = this.informer(kind);
    await informer.synced;
    return informer.list(filter);
  }

  private informer<T extends KubeObject>(kind: Class<T>): Informer<T> {
    const known = this.informers.get(kind) ?? this.cache.informer(resourceType(kind));
    this.informers.set(kind, known);
    return known as unknown as Informer<T>;
  }
}
