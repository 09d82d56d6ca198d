import { defineExtensionPoint } from '../extension/extension-point.js';
import type { Logger } from '../logger.js';
import type { KubeObject, ObjectKey } from '../resource/object.js';
import type { ResourceClass } from '../resource/resource.js';
import type { Next } from './next.js';

/** Declares that a resource refers to objects of another kind: the index and the reverse watch are derived from it. */
export interface Follow<T extends KubeObject = KubeObject> {
  kind: ResourceClass;
  references(resource: T): ObjectKey[];
}

/** Makes a {@link Follow}: `references` names the objects of `kind` that a resource depends on. */
export function follows<T extends KubeObject>(
  kind: ResourceClass,
  references: (resource: T) => ObjectKey[],
): Follow<T> {
  return { kind, references };
}

/** Which objects of a kind are listed. Default: all. */
export interface ListFilter {
  /** Default: every namespace. */
  namespace?: string;
  /** Exact label matches. */
  labels?: Record<string, string>;
}

/** Cached reads. Objects are shared and frozen in meaning: never change one, copy it. */
export interface ResourceReader {
  /** Undefined when there is none, or the cache has not seen it yet. */
  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined;
  /** In no particular order. */
  list<T extends KubeObject>(kind: ResourceClass<T>, filter?: ListFilter): T[];
}

/** What an Event says. */
export interface EventText {
  type: 'Normal' | 'Warning';
  /** PascalCase. */
  reason: string;
  message: string;
  /** Of the Event object, e.g. what happened as JSON for programs. */
  annotations?: Record<string, string>;
}

/** What a reconciler may do. Reads come from the cache and are limited to the kinds it declares. */
export interface ReconcileContext extends ResourceReader {
  /** Aborted at shutdown. */
  signal: AbortSignal;
  logger: Logger;
  /** The time; tests set it. */
  now(): Date;
  /**
   * Writes the status under this reconciler's own field manager when it differs from the stored one. `status` holds
   * every field this reconciler owns; a field it leaves out is given up.
   */
  applyStatus<T extends KubeObject & { status?: object }>(resource: T, status: NonNullable<T['status']>): Promise<void>;
  /**
   * Replaces the whole status only if the object is still at `resource.metadata.resourceVersion`; throws `Conflict`
   * otherwise. Returns the stored object.
   */
  replaceStatus<T extends KubeObject & { status?: object }>(resource: T, status: NonNullable<T['status']>): Promise<T>;
  /**
   * Server-side apply of an object this reconciler owns. With `fresh`, of one that the cache does not show: throws
   * `Conflict` when somebody has made one of its name meanwhile that says something else.
   */
  apply<T extends KubeObject>(object: T, options?: { fresh?: boolean }): Promise<T>;
  /** Deletes if it is still the same object (uid); absent already counts as done. */
  delete(resource: KubeObject): Promise<void>;
  /** Records a Kubernetes Event on the resource. Never throws. */
  event(resource: KubeObject, text: EventText): void;
  /** Calls this reconciler again for an object of its kind, soon; for news that comes from outside the API server. */
  wake(key: ObjectKey): void;
}

/**
 * Brings one kind to life: compares what is wanted with what is and acts on the difference.
 *
 * Guarantees: one call at a time per object, different objects in parallel; called on start for every object, on every
 * change of it and of what it follows or owns; a thrown error is retried with back-off according to its family.
 * Never told which event woke it.
 */
export interface Reconcile<T extends KubeObject = KubeObject> {
  reconcile(resource: T, context: ReconcileContext): Promise<Next>;
  /** The object is gone from the API server: free what this process holds for it. */
  forget?(key: ObjectKey, uid: string): void;
}

/** What may be done to the objects of a kind; the verbs of Kubernetes' RBAC. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** Rights on a kind. In a cluster the runtime has no others. */
export interface Need {
  kind: ResourceClass;
  /** Absent: the objects themselves. */
  subresource?: 'status';
  verbs: readonly Verb[];
}

/** What a reconciler says of itself. */
export interface ReconcilerOptions {
  /** `<kind>-<aspect>`: field manager, log name and metric label. The file is `<name>.reconciler.ts`. */
  name: string;
  /** The kind it looks after. */
  kind: ResourceClass;
  /** What else wakes it. Default: nothing. */
  follows?: Follow[];
  /** Kinds whose objects carry owner references to this one; their changes wake the owner. */
  owns?: ResourceClass[];
  /** Further kinds it reads from the cache. */
  reads?: ResourceClass[];
  /**
   * Rights beyond those that follow from the rest: to read the kinds that are declared, to apply the status of its own
   * kind, to apply and delete the kinds it owns. Giving the status here takes the place of applying it.
   */
  needs?: Need[];
  /** Objects worked on at once. Default: 16. */
  concurrency?: number;
}

/** The extension point of reconcilers. */
export const reconcilers = defineExtensionPoint<Reconcile<never>, ReconcilerOptions>({
  point: 'reconciler',
  methods: ['reconcile'],
});

/** Marks a class as the reconciler of one aspect of one kind. */
export const Reconciler = reconcilers.decorate;
