import { denied } from '../../kit/errors/ark-error.js';
import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { Admission } from '../api-server/admission.js';
import {
  type Actor,
  ApiServer,
  type ApplyOptions,
  type DeleteOptions,
  type ListOptions,
  type ObjectList,
  type Patch,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from '../api-server/api-server.js';
import { StatusError } from '../api-server/status.js';
import type { Catalogue } from './catalogue.js';
import { badRequest, notFound, unknownResource } from './errors/refusals.js';
import { copyJson } from './json/json.js';
import { BUILT_IN_KINDS } from './kinds/built-in/built-in-kinds.js';
import { DEFINITION_TYPE } from './kinds/built-in/custom-resource-definition.js';
import { NAMESPACE_TYPE } from './kinds/built-in/namespace.js';
import { DefinitionFollower } from './kinds/definitions/definition-follower.js';
import { KindTable } from './kinds/kind-table.js';
import { viewOf } from './kinds/view.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { applyPatch } from './patch/apply-patch.js';
import { listObjects, type StoredList } from './reading/list.js';
import { type FilterOptions, objectFilter } from './selectors/object-filter.js';
import { ObjectStore } from './store/object-store.js';
import { type StoredObject, storageKey } from './store/stored-object.js';
import type { StoredEvent } from './watch/stored-event.js';
import { WatchHub } from './watch/watch-hub.js';
import { AdmissionChain } from './writing/admission-chain.js';
import { ObjectRemover, type Removal } from './writing/object-remover.js';
import { ObjectWriter } from './writing/object-writer.js';
import { scaleOf, scaleOrEmpty, setReplicas } from './writing/scale.js';
import { applySettings, writeSettings } from './writing/write-settings.js';

export interface EmbeddedApiServerOptions {
  /** A folder of its own; `:memory:` keeps nothing. */
  dataDir: string;
  /** CustomResourceDefinition objects, created or brought up to date at start. */
  customResources: UntypedObject[];
  admissions: Admission[];
  /** Default: the wall clock. */
  now?: () => Date;
}

const FIRST_NAMESPACES = ['default', 'kube-public', 'kube-system'];

export interface StoredWatchOptions extends WatchOptions {
  /** After the present objects, send a bookmark annotated `k8s.io/initial-events-end`. */
  sendInitialEvents?: boolean;
}

/** What the door in front of a server knows, and the server behind it does not. */
export interface OpenDoor {
  /** The certificate of the authority that signed the door's own, in PEM. */
  authority: string;
  /** Whether a kind is a question that is answered and never stored. */
  reviews(type: ResourceType): boolean;
  /** The review with its answer, for the administrator. Throws Invalid or BadRequest. */
  review(type: ResourceType, review: UntypedObject): Promise<UntypedObject>;
}

/** The Kubernetes API in this process, on a SQLite file. */
export class EmbeddedApiServer extends ApiServer {
  private door?: OpenDoor;

  private constructor(
    private readonly store: ObjectStore,
    private readonly kinds: KindTable,
    private readonly hub: WatchHub,
    private readonly writer: ObjectWriter,
    private readonly remover: ObjectRemover,
    private readonly definitions: DefinitionFollower,
    private readonly lifecycle: Lifecycle,
  ) {
    super();
  }

  as({ user }: Actor): ApiServer {
    throw denied(
      `the embedded API server knows no rights of others, so nothing can be done as '${user}': use a cluster for that`,
    );
  }

  /** Throws Conflict when another process uses the folder. */
  static async open(options: EmbeddedApiServerOptions): Promise<EmbeddedApiServer> {
    const now = options.now ?? (() => new Date());
    const store = await ObjectStore.open(options.dataDir);
    const kinds = new KindTable(
      options.admissions,
      new Set(options.customResources.map(({ metadata }) => metadata.name)),
    );
    for (const kind of BUILT_IN_KINDS) kinds.add(kind);
    const hub = new WatchHub(store);
    const definitions = new DefinitionFollower(store, kinds, hub);
    const writer = new ObjectWriter(store, new AdmissionChain(store, kinds), now);
    const remover = new ObjectRemover(store, now);
    const lifecycle = new Lifecycle(store, kinds, writer, remover, now);
    const server = new EmbeddedApiServer(store, kinds, hub, writer, remover, definitions, lifecycle);
    try {
      await server.prepare(options.customResources);
      await lifecycle.start();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  get catalogue(): Catalogue {
    return this.kinds;
  }

  /** The newest committed resourceVersion. */
  get version(): number {
    return this.store.version;
  }

  async get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T> {
    return this.getStored(type, key).object as unknown as T;
  }

  async list<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const { items, metadata } = this.listStored(type, options);
    return { items: items.map((item) => item.object as unknown as T), metadata };
  }

  async *watch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>> {
    for await (const event of this.watchStored(type, options)) {
      yield { type: event.type, object: event.stored.object as unknown as T };
    }
  }

  async create<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options?: WriteOptions,
  ): Promise<T> {
    const draft = { object: copyJson(object) as unknown as UntypedObject };
    if (this.door?.reviews(type)) return (await this.door.review(type, draft.object)) as unknown as T;
    const stored = await this.writer.create(this.kinds.get(type), draft, writeSettings(options));
    return stored.object as unknown as T;
  }

  async update<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options?: WriteOptions,
  ): Promise<T> {
    const draft = () => ({ object: copyJson(object) as unknown as UntypedObject });
    const settings = { ...writeSettings(options), createsAbsent: options?.subresource === undefined };
    const stored = await this.writer.update(this.kinds.get(type), object.metadata, draft, settings);
    return stored.object as unknown as T;
  }

  async patch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T> {
    const kind = this.kinds.get(type);
    const draft = (current?: StoredObject) => ({ object: applyPatch(kind, current!.object, patch) });
    const stored = await this.writer.update(kind, key, draft, writeSettings(options));
    return stored.object as unknown as T;
  }

  async apply<T extends KubeObject = UntypedObject>(type: ResourceType, object: T, options: ApplyOptions): Promise<T> {
    const kind = this.kinds.get(type);
    const stored = await this.writer.apply(kind, copyJson(object) as unknown as UntypedObject, applySettings(options));
    return stored.object as unknown as T;
  }

  async delete(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<void> {
    await this.deleteStored(type, key, options);
  }

  getStored(type: ResourceType, key: ObjectKey): StoredObject {
    const kind = this.kinds.get(type);
    const stored = this.store
      .collection(kind.resource)
      .get(storageKey(type.namespaced ? key.namespace : undefined, key.name));
    if (!stored) throw notFound(type, key.name);
    return viewOf(kind, stored);
  }

  listStored(type: ResourceType, options: ListOptions = {}): StoredList {
    return listObjects(this.store, this.kinds.get(type), options);
  }

  /** Throws Expired at once when the version is too old. */
  watchStored(type: ResourceType, options: StoredWatchOptions): AsyncIterableIterator<StoredEvent> {
    const kind = this.kinds.get(type);
    const filter = {
      kind,
      matches: objectFilter(options, kind.selectableFields),
      bookmarks: options.allowWatchBookmarks ?? false,
    };
    // Version "0" means: any state will do, so the present one.
    const from = options.sendInitialEvents || options.resourceVersion === '0' ? undefined : options.resourceVersion;
    return this.hub.open(filter, {
      after: from ? versionNumber(from) : undefined,
      markInitialEnd: options.sendInitialEvents,
      timeoutSeconds: options.timeoutSeconds,
      signal: options.signal,
    });
  }

  deleteStored(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<Removal> {
    return this.remover.remove(this.kinds.get(type), key, options);
  }

  /** Deletes every object that the options select. Returns their last states. */
  async deleteCollection(type: ResourceType, select: FilterOptions = {}, options?: DeleteOptions): Promise<StoredList> {
    const { items, metadata } = this.listStored(type, select);
    const removals = await Promise.allSettled(
      items.map((item) => this.deleteStored(type, item.object.metadata, options)),
    );
    for (const removal of removals) {
      // Somebody else was faster: the object is gone all the same.
      if (removal.status === 'rejected' && !StatusError.is(removal.reason, 'NotFound')) throw removal.reason;
    }
    const gone = removals.flatMap((removal) => (removal.status === 'fulfilled' ? [removal.value.stored] : []));
    return { items: gone, metadata };
  }

  /** The Scale of an object whose kind declares one. */
  getScale(type: ResourceType, key: ObjectKey): UntypedObject {
    return scaleOf(this.kinds.get(type), this.getStored(type, key).object);
  }

  async updateScale(type: ResourceType, scale: UntypedObject, options?: WriteOptions): Promise<UntypedObject> {
    return this.changeScale(type, scale.metadata, () => scale, options);
  }

  async patchScale(type: ResourceType, key: ObjectKey, patch: Patch, options?: WriteOptions): Promise<UntypedObject> {
    const kind = this.kinds.get(type);
    const patched = (current: UntypedObject) => applyPatch(kind, scaleOrEmpty(kind, current), patch);
    return this.changeScale(type, key, patched, options);
  }

  /** From now on reviews are answered, and each namespace holds the certificate of the door's authority. */
  async opened(door: OpenDoor): Promise<void> {
    this.door = door;
    await this.lifecycle.publish(door.authority);
  }

  /** Ends all watches, waits for pending writes and lets the folder go. */
  async close(): Promise<void> {
    this.hub.close();
    this.definitions.stop();
    await this.lifecycle.stop();
    await this.store.close();
  }

  private async changeScale(
    type: ResourceType,
    key: ObjectKey,
    change: (current: UntypedObject) => UntypedObject,
    options?: WriteOptions,
  ): Promise<UntypedObject> {
    const kind = this.kinds.get(type);
    if (!kind.served.scale) throw unknownResource();
    const draft = (current?: StoredObject) => {
      const object = copyJson(current!.object);
      const scale = change(current!.object);
      if (scale.metadata?.resourceVersion) object.metadata.resourceVersion = scale.metadata.resourceVersion;
      setReplicas(kind, object, scale);
      return { object };
    };
    const settings = { ...writeSettings(options), subresource: 'scale' as const };
    const stored = await this.writer.update(kind, key, draft, settings);
    return scaleOf(kind, stored.object);
  }

  private async prepare(customResources: UntypedObject[]): Promise<void> {
    const namespaces = this.store.collection('/namespaces');
    for (const name of FIRST_NAMESPACES) {
      if (namespaces.get(storageKey(undefined, name))) continue;
      await this.create(NAMESPACE_TYPE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    await Promise.all(customResources.map((definition) => this.install(definition)));
  }

  private async install(definition: UntypedObject): Promise<void> {
    const kind = this.kinds.get(DEFINITION_TYPE);
    const { name, labels, annotations } = definition.metadata;
    if (!this.store.newest(kind.resource, storageKey(undefined, name))) {
      await this.create(DEFINITION_TYPE, definition);
      return;
    }
    const draft = (current?: StoredObject) => {
      const object = copyJson(current!.object);
      object.spec = copyJson(definition.spec);
      // Marks of other people stay.
      object.metadata.labels = { ...object.metadata.labels, ...labels };
      object.metadata.annotations = { ...object.metadata.annotations, ...annotations };
      return { object };
    };
    await this.writer.update(kind, { name }, draft, writeSettings());
  }
}

function versionNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: it must be a number that this server gave out`,
  );
}
