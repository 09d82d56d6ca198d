import { StatusError } from '../../api-server/status.js';
import { copyJson, equalJson } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import type { Change } from '../store/change.js';
import type { ObjectStore } from '../store/object-store.js';
import { storageKey } from '../store/stored-object.js';
import type { ObjectWriter } from '../writing/object-writer.js';
import { writeSettings } from '../writing/write-settings.js';
import { WorkQueue } from './work-queue.js';

/** An object that each namespace has, under one name. */
export interface NamespaceThing {
  name: string;
  annotations?: Record<string, string>;
  /** Of a ConfigMap; put back when somebody changes it. */
  data?: Record<string, string>;
}

const NAMESPACES = '/namespaces';
/** Whoever looks at owners of fields finds the name they know from a cluster. */
const SETTINGS = writeSettings({ fieldManager: 'kube-controller-manager' });

/** Gives each namespace an object, and gives it again when it is deleted, for as long as the namespace stays. */
export class NamespaceContents {
  private readonly queue: WorkQueue;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: ObjectStore,
    private readonly writer: ObjectWriter,
    private readonly kind: Kind,
    private readonly thing: NamespaceThing,
    onError: (name: string, error: unknown) => void,
  ) {
    const describe = (namespace: string) => `${kind.served.type.kind} ${namespace}/${thing.name}`;
    this.queue = new WorkQueue(
      (namespace) => this.provide(namespace),
      (namespace, error) => onError(describe(namespace), error),
    );
    for (const { object } of store.collection(NAMESPACES).values()) this.queue.add(object.metadata.name);
    this.unsubscribe = store.onCommit((changes) => {
      for (const change of changes) this.follow(change);
    });
  }

  /** Resolves when each namespace that is there has it. */
  provided(): Promise<void> {
    return this.queue.idle();
  }

  async stop(): Promise<void> {
    this.unsubscribe();
    await this.queue.stop();
  }

  private follow({ resource, previous, current, seen }: Change): void {
    const { name, namespace } = seen.object.metadata;
    if (resource === NAMESPACES && current && !previous) this.queue.add(name);
    if (resource === this.kind.resource && name === this.thing.name && namespace) this.queue.add(namespace);
  }

  private async provide(namespace: string): Promise<void> {
    const home = this.store.collection(NAMESPACES).get(storageKey(undefined, namespace));
    if (!home || home.object.metadata.deletionTimestamp) return;
    const { name, annotations, data } = this.thing;
    const present = this.store.newest(this.kind.resource, storageKey(namespace, name));
    try {
      if (!present) {
        const metadata = { name, namespace, ...(annotations ? { annotations: { ...annotations } } : {}) };
        const object = { metadata, ...(data ? { data: { ...data } } : {}) };
        await this.writer.create(this.kind, { object: typed(this.kind, object) }, SETTINGS);
      } else if (data && !equalJson(present.object.data, data)) {
        const draft = () => ({ object: { ...copyJson(present.object), data: { ...data } } });
        await this.writer.update(this.kind, { namespace, name }, draft, SETTINGS);
      }
    } catch (error) {
      // Somebody else made it, or the namespace began to go.
      if (!StatusError.is(error, 'AlreadyExists', 'Forbidden')) throw error;
    }
  }
}

const typed = (kind: Kind, object: { metadata: { name: string } }) => ({
  apiVersion: kind.apiVersion,
  kind: kind.served.type.kind,
  ...object,
});
