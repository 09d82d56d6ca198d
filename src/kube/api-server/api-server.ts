import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';

export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string;
  /** kubectl syntax, e.g. `app=web,tier!=db,env in (a,b)`. */
  labelSelector?: string;
  /** `metadata.name=x`, `metadata.namespace=x`; Events also by `involvedObject.*`, `reason`, `type`. */
  fieldSelector?: string;
  /** Page size; the answer carries `continue` when there is more. */
  limit?: number;
  continue?: string;
}

export interface ObjectList<T> {
  items: T[];
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

export interface WatchOptions extends Omit<ListOptions, 'limit' | 'continue'> {
  /** Events after this version. Absent: the present objects first, as ADDED, then changes. */
  resourceVersion?: string;
  /** Ask for BOOKMARK events, which carry only a resourceVersion. */
  allowWatchBookmarks?: boolean;
  /** The server ends the watch after so long. */
  timeoutSeconds?: number;
  signal: AbortSignal;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

export interface WatchEvent<T = UntypedObject> {
  type: WatchEventType;
  object: T;
}

export interface WriteOptions {
  subresource?: 'status';
  dryRun?: boolean;
  /** Who writes; shows in `metadata.managedFields`. */
  fieldManager?: string;
  /** What to do about fields the schema does not know. Default: `Ignore` (they are pruned silently). */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** Receives each admission or validation warning. */
  onWarning?(text: string): void;
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  /** Take fields over from other managers instead of failing with Conflict. */
  force?: boolean;
}

export type Patch =
  | { type: 'merge'; body: Record<string, unknown> }
  | { type: 'json'; body: unknown[] }
  /** Only for built-in kinds; custom resources answer UnsupportedMediaType. */
  | { type: 'strategic'; body: Record<string, unknown> };

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** Somebody else, in whose name requests are made. */
export interface Actor {
  /** e.g. `ana@example.com` or `system:serviceaccount:team-a:runner`, whose groups the cluster knows by itself. */
  user: string;
  groups?: readonly string[];
}

/**
 * The Kubernetes API as the house sees it: raw JSON, one method per verb.
 *
 * Guarantees: an answered write is durable; objects returned are shared and must not be changed; a watch without gaps
 * from any version the server still knows, else it throws `Expired`.
 * Errors: every refusal is a `StatusError`.
 * Implementations: `kube/embedded` in this process, `kube/remote` over HTTP. `test/contract/api-server` holds both to
 * the same cases.
 */
export abstract class ApiServer {
  /**
   * The same API with the rights of somebody else: what they may not do, it refuses. This process must be allowed to
   * impersonate them.
   *
   * @throws `Denied` where no rights of others are known, which is so in the embedded server
   */
  abstract as(actor: Actor): ApiServer;
  abstract get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T>;
  abstract list<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options?: ListOptions,
  ): Promise<ObjectList<T>>;
  /** Ends by itself when the server closes it; throws `Expired` (410) when the version is too old. */
  abstract watch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
  abstract create<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;
  /** Replaces. With a `metadata.resourceVersion` that is not current it throws `Conflict`. */
  abstract update<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;
  abstract patch<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Server-side apply. */
  abstract apply<T extends KubeObject = UntypedObject>(
    type: ResourceType,
    object: T,
    options: ApplyOptions,
  ): Promise<T>;
  /** Resolves when the deletion is accepted; finalizers may keep the object for a while. */
  abstract delete(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<void>;
}
