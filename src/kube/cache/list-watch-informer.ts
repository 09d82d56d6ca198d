import { canceled, errorText } from '../../kit/errors/ark-error.js';
import type { Logger } from '../../kit/logger.js';
import type { ListFilter } from '../../kit/reconciler/reconciler.js';
import type { KubeObject, ObjectKey } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { ApiServer, ListOptions, WatchEvent } from '../api-server/api-server.js';
import { StatusError } from '../api-server/status.js';
import { BackOff, type BackOffOptions } from './back-off.js';
import type { Change, Informer } from './informer.js';
import { listAll } from './list-all.js';
import { ObjectStore } from './object-store.js';

export interface InformerOptions {
  /** Only this namespace. Absent: all. */
  namespace?: string;
  logger?: Logger;
  backOff?: BackOffOptions;
  /** How long a watch must stay open without an event to count as one that works, in milliseconds. Default: 250. */
  shortWatchMs?: number;
}

/** How an informer is doing, for readiness and for people. */
export interface InformerHealth {
  type: ResourceType;
  synced: boolean;
  objects: number;
  /** Times the watch broke and was begun again. */
  restarts: number;
  /** Why it does not hear of changes at present. */
  error?: string;
}

/** The server ends each watch after five to ten minutes, so that replicas behind a balancer are shared anew. */
const WATCH_SECONDS = 300;
/**
 * A watch that ended sooner without an event counts as a failure, else a broken server would be asked in a busy loop. Much
 * longer, and a network that cuts every second would make the pauses longer and longer.
 */
const SHORT_WATCH_MS = 250;

/** The list-and-watch loop behind an {@link Informer}. It stops only when closed. */
export class ListWatchInformer<T extends KubeObject> implements Informer<T> {
  readonly synced: Promise<void>;
  private readonly store = new ObjectStore<T>();
  private readonly closing = new AbortController();
  private readonly backOff: BackOff;
  private listeners: ((change: Change<T>) => void)[] = [];
  private settle!: { resolve(): void; reject(error: unknown): void };
  private isSynced = false;
  private restarts = 0;
  private error?: string;
  /** Where to resume; absent: list first. */
  private version?: string;

  constructor(
    private readonly server: ApiServer,
    readonly type: ResourceType,
    private readonly options: InformerOptions = {},
  ) {
    this.backOff = new BackOff(options.backOff);
    this.synced = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Whoever waits hears of it; nobody has to wait.
    this.synced.catch(() => undefined);
  }

  /** Begins; resolves when closed. */
  async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        if (this.version === undefined) await this.relist();
        if (await this.follow()) continue;
      } catch (error) {
        if (signal.aborted) break;
        this.failed(error);
      }
      await this.backOff.pause(signal);
    }
    this.settle.reject(canceled(`the cache of ${this.type.plural} was closed`));
  }

  close(): void {
    this.closing.abort();
    this.listeners = [];
  }

  get(key: ObjectKey): T | undefined {
    return this.store.get(key);
  }

  list(filter?: ListFilter): T[] {
    return this.store.list(filter);
  }

  byIndex(index: string, value: string): T[] {
    return this.store.byIndex(index, value);
  }

  addIndex(index: string, values: (object: T) => string[]): void {
    this.store.addIndex(index, values);
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    // A wrapper, so that the same function may listen twice and stop once.
    const hear = (change: Change<T>) => listener(change);
    for (const current of this.store.all()) this.tell(hear, { key: keyOf(current), current });
    this.listeners = [...this.listeners, hear];
    return () => {
      this.listeners = this.listeners.filter((each) => each !== hear);
    };
  }

  health(): InformerHealth {
    const { type, isSynced: synced, restarts, error } = this;
    return { type, synced, objects: this.store.size, restarts, ...(error === undefined ? {} : { error }) };
  }

  private async relist(): Promise<void> {
    const { items, metadata } = await listAll<T>(this.server, this.type, this.selection());
    if (this.closing.signal.aborted) return;
    this.replaceAll(items);
    this.version = metadata.resourceVersion;
    this.error = undefined;
    this.isSynced = true;
    this.settle.resolve();
  }

  private selection(): Pick<ListOptions, 'namespace' | 'fieldSelector'> {
    const { namespaced, cached } = this.type;
    return {
      ...(namespaced ? { namespace: this.options.namespace } : {}),
      ...(cached ? { fieldSelector: cached } : {}),
    };
  }

  /** Watches until the server ends it; false when that came so soon that a pause is due. */
  private async follow(): Promise<boolean> {
    const started = Date.now();
    const events = this.server.watch<T>(this.type, {
      ...this.selection(),
      resourceVersion: this.version,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.round(WATCH_SECONDS * (1 + Math.random())),
      signal: this.closing.signal,
    });
    const { shortWatchMs = SHORT_WATCH_MS } = this.options;
    // In a quiet kind nothing may be heard for a minute.
    const open = setTimeout(() => this.recovered(), shortWatchMs);
    try {
      let heard = false;
      for await (const event of events) {
        if (this.closing.signal.aborted) return true;
        heard = true;
        this.hear(event);
        this.recovered();
      }
      const useful = heard || Date.now() - started >= shortWatchMs;
      if (useful) this.recovered();
      return useful;
    } finally {
      clearTimeout(open);
    }
  }

  private hear({ type, object }: WatchEvent<T>): void {
    if (type === 'DELETED') this.drop(keyOf(object));
    else if (type !== 'BOOKMARK') this.put(object);
    this.version = object.metadata.resourceVersion ?? this.version;
  }

  private replaceAll(items: T[]): void {
    const present = new ObjectStore<KubeObject>();
    for (const item of items) present.put(item);
    for (const before of this.store.all()) {
      if (!present.get(before.metadata)) this.drop(keyOf(before));
    }
    for (const item of items) this.put(item);
  }

  private put(current: T): void {
    const key = keyOf(current);
    const before = this.store.get(key);
    if (before && before.metadata.resourceVersion === current.metadata.resourceVersion) return;
    // Deleted and made again while nobody listened: these are two objects.
    if (before && before.metadata.uid !== current.metadata.uid) this.drop(key);
    const previous = this.store.put(current);
    this.announce({ key, current, ...(previous ? { previous } : {}) });
  }

  private drop(key: ObjectKey): void {
    const previous = this.store.remove(key);
    if (previous) this.announce({ key, previous });
  }

  private announce(change: Change<T>): void {
    for (const listener of this.listeners) this.tell(listener, change);
  }

  private tell(listener: (change: Change<T>) => void, change: Change<T>): void {
    try {
      listener(change);
    } catch (error) {
      this.options.logger?.error({ ...change.key, kind: this.type.kind, error }, 'a listener of the cache failed');
    }
  }

  private recovered(): void {
    this.error = undefined;
    this.backOff.reset();
  }

  private failed(error: unknown): void {
    this.restarts += 1;
    const wasWatching = this.version !== undefined;
    // A refusal by the server means that the version, or the whole kind, is gone; a broken connection resumes, and so
    // does a server that has no time now.
    const later = StatusError.is(error, 'TooManyRequests', 'ServiceUnavailable');
    if (StatusError.is(error) && !later) this.version = undefined;
    if (StatusError.is(error, 'NotFound') && !wasWatching) this.replaceAll([]);
    if (StatusError.is(error, 'Expired') && wasWatching) return;
    this.error = errorText(error);
    this.options.logger?.warn(
      { kind: this.type.kind, group: this.type.group, error: this.error },
      `the cache of ${this.type.plural} does not hear of changes; it tries again`,
    );
  }
}

function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name } = object.metadata;
  return namespace ? { namespace, name } : { name };
}
