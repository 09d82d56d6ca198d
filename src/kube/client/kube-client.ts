import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import type { ListOptions, WatchEvent, WatchOptions } from '../api-server/api-server.js';
import { resourcePath } from '../api-server/paths.js';
import { listAll } from '../cache/list-all.js';
import { RemoteApiServer } from '../remote/remote-api-server.js';
import type { Call } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import type { Table } from './table.js';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const FIELD_MANAGER = 'ark-cli';

export type Selection = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> & { name?: string };

/** What a command line asks of an API server: the verbs under its own field manager, and Tables. Refusals are `StatusError`. */
export class KubeClient {
  private readonly server: RemoteApiServer;

  constructor(readonly connection: Connection) {
    this.server = RemoteApiServer.over(connection, { userAgent: 'ark' });
  }

  get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T> {
    return this.server.get<T>(type, key);
  }

  /** All objects selected, page by page behind the scenes. */
  async list(type: ResourceType, selection: Selection = {}): Promise<UntypedObject[]> {
    const { namespace, labelSelector, fieldSelector } = selection;
    return (await listAll(this.server, type, { namespace, labelSelector, fieldSelector })).items;
  }

  /** What the server would print: one object or many, with the columns of the kind. */
  table(type: ResourceType, { labelSelector, fieldSelector, ...at }: Selection = {}): Promise<Table> {
    const query = { labelSelector, fieldSelector };
    return this.json<Table>({ verb: 'GET', path: resourcePath(type, at), query, accept: TABLE });
  }

  create<T extends KubeObject>(type: ResourceType, object: T): Promise<T> {
    return this.server.create(type, object, { fieldManager: FIELD_MANAGER });
  }

  mergePatch(type: ResourceType, key: ObjectKey, body: Record<string, unknown>): Promise<UntypedObject> {
    return this.server.patch(type, key, { type: 'merge', body }, { fieldManager: FIELD_MANAGER });
  }

  /** Server-side apply; fields of other managers are taken over only with `force`. */
  apply(
    type: ResourceType,
    object: UntypedObject,
    options: { force?: boolean; dryRun?: boolean } = {},
  ): Promise<UntypedObject> {
    return this.server.apply(type, object, { ...options, fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' });
  }

  delete(type: ResourceType, key: ObjectKey): Promise<void> {
    return this.server.delete(type, key, { propagationPolicy: 'Background' });
  }

  /** One watch request; ends when the server ends it or the signal is given. Error lines (410 and the like) are thrown. */
  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchEvent> {
    return this.server.watch(type, options);
  }

  /** Any request as JSON. */
  json<T>(call: Call): Promise<T> {
    return this.server.json<T>(call);
  }

  close(): void {
    void this.server.close();
  }
}
