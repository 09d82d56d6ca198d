import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import { apiVersionOf, type ResourceType } from '../../kit/resource/resource.js';
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
import { resourcePath } from '../api-server/paths.js';
import { type KubeStatus, StatusError } from '../api-server/status.js';
import { ClusterAccess, type ConnectOptions } from './cluster-access.js';
import { type Answer, type Call, HttpChannel } from './http-channel.js';
import { impersonation } from './impersonation.js';
import { jsonLines } from './json-lines.js';
import { statusErrorFrom } from './status-body.js';

export interface RemoteOptions {
  /** For every request but a watch. Default: 30 000. */
  timeoutMs?: number;
  /** Its part before `/` is the field manager of writes that name none. Default: `nest-ark`. */
  userAgent?: string;
}

const PATCH_TYPES: Record<Patch['type'], string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};
/** JSON is YAML, and every version of the API server since 1.16 takes this type. */
const APPLY_TYPE = 'application/apply-patch+yaml';
/** A watch that asked the server to end it is given up so long after it should have ended. */
const WATCH_GRACE_MS = 30_000;

/** A Kubernetes API server reached over HTTP. Connections are shared by all requests. */
export class RemoteApiServer extends ApiServer {
  /** The namespace of the kubeconfig's context or of the service account; else `default`. */
  readonly defaultNamespace: string;
  /** `https://host:port`, for messages. */
  readonly address: string;

  private constructor(
    private readonly access: ClusterAccess,
    private readonly channel: HttpChannel,
    /** In whose name, if not the own. */
    private readonly headers: Call['headers'] = {},
  ) {
    super();
    this.defaultNamespace = access.defaultNamespace;
    this.address = access.server;
  }

  /** Reads the configuration; opens no connection yet. */
  static async connect(options: ConnectOptions, remote: RemoteOptions = {}): Promise<RemoteApiServer> {
    const access = await ClusterAccess.load(options);
    const channel = new HttpChannel(access, remote.timeoutMs ?? 30_000, remote.userAgent ?? 'nest-ark');
    return new RemoteApiServer(access, channel);
  }

  as(actor: Actor): RemoteApiServer {
    return new RemoteApiServer(this.access, this.channel, impersonation(actor));
  }

  /** Ends open watches and connections. */
  close(): Promise<void> {
    return this.channel.close();
  }

  /** Any request of the API, e.g. `/version`; a refusal is an answer, not an error. */
  raw(call: Call): Promise<Answer> {
    return this.channel.exchange({ ...call, headers: this.headers });
  }

  private json<T>(call: Call): Promise<T> {
    return this.channel.json<T>({ ...call, headers: this.headers });
  }

  async get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T> {
    return await this.json<T>({ verb: 'GET', path: objectPath(type, key) });
  }

  async list<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    const { namespace, ...query } = options;
    const path = resourcePath(type, { namespace });
    const answer = await this.json<{ items: T[] | null; metadata: ObjectList<T>['metadata'] }>({
      verb: 'GET',
      path,
      query,
    });
    const items = answer.items ?? [];
    // Lists of built-in kinds leave out what is the same for every item.
    for (const item of items) Object.assign(item, { apiVersion: apiVersionOf(type), kind: type.kind });
    return { items, metadata: answer.metadata };
  }

  async *watch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const { namespace, signal, timeoutSeconds, ...query } = options;
    if (signal.aborted) return;
    const silenceMs = timeoutSeconds ? timeoutSeconds * 1000 + WATCH_GRACE_MS : 0;
    const call: Call & { signal: AbortSignal; silenceMs: number } = {
      verb: 'GET',
      path: resourcePath(type, { namespace }),
      query: { ...query, timeoutSeconds, watch: true },
      headers: this.headers,
      signal,
      silenceMs,
    };
    try {
      const bytes = await this.channel.stream(call);
      for await (const event of jsonLines<{ type: string; object: T }>(bytes)) {
        if (event.type === 'ERROR') throw statusErrorFrom(event.object as unknown as KubeStatus);
        yield event as WatchEvent<T>;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw this.channel.failure(error, call);
    }
  }

  async create<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const namespace = namespaceFor(type, object.metadata, 'during creation');
    return await this.json<T>({
      verb: 'POST',
      path: resourcePath(type, { namespace }),
      body: object,
      ...writing(options),
    });
  }

  async update<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = objectPath(type, object.metadata) + subresource(options);
    return await this.json<T>({ verb: 'PUT', path, body: object, ...writing(options) });
  }

  async patch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<T> {
    return await this.json<T>({
      verb: 'PATCH',
      path: objectPath(type, key) + subresource(options),
      body: patch.body,
      contentType: PATCH_TYPES[patch.type],
      ...writing(options),
    });
  }

  async apply<T extends KubeObject = UntypedObject>(type: ResourceType, object: T, options: ApplyOptions): Promise<T> {
    const { query, onWarning } = writing(options);
    return await this.json<T>({
      verb: 'PATCH',
      path: objectPath(type, object.metadata) + subresource(options),
      body: object,
      contentType: APPLY_TYPE,
      query: { ...query, force: options.force || undefined },
      onWarning,
    });
  }

  async delete(type: ResourceType, key: ObjectKey, options: DeleteOptions = {}): Promise<void> {
    const { dryRun, ...rest } = options;
    await this.json<unknown>({
      verb: 'DELETE',
      path: objectPath(type, key),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', ...rest, ...(dryRun ? { dryRun: ['All'] } : {}) },
    });
  }
}

function writing(options: WriteOptions): { query: Record<string, string | undefined>; onWarning?: Call['onWarning'] } {
  return {
    query: {
      dryRun: options.dryRun ? 'All' : undefined,
      fieldManager: options.fieldManager,
      // Said always: the default of a server is `Warn`, that of the port is `Ignore`.
      fieldValidation: options.fieldValidation ?? 'Ignore',
    },
    onWarning: options.onWarning,
  };
}

const subresource = (options: WriteOptions): string => (options.subresource ? `/${options.subresource}` : '');

/** The path of one object; an address without a name or namespace would mean another resource, so it is refused. */
function objectPath(type: ResourceType, key: Partial<ObjectKey>): string {
  if (!key.name) throw new StatusError('BadRequest', `the name of the ${type.kind} must be given`);
  return resourcePath(type, { namespace: namespaceFor(type, key, 'when a resource name is provided'), name: key.name });
}

function namespaceFor(type: ResourceType, key: Partial<ObjectKey>, when: string): string | undefined {
  if (!type.namespaced) return undefined;
  if (!key.namespace) throw new StatusError('BadRequest', `an empty namespace may not be set ${when}`);
  return key.namespace;
}
