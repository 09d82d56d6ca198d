import {
  apiVersionOf,
  type Follow,
  type KubeObject,
  keyText,
  type ObjectKey,
  type ReconcilerOptions,
  type ResourceClass,
  resourceType,
} from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import type { Kinds } from './kinds.js';
import { keyOf } from './object-keys.js';

export interface Wakes {
  /** An object of the reconciler's own kind should be looked at. */
  wake(key: ObjectKey): void;
  /** It is gone, or another object has taken its name. */
  gone(key: ObjectKey, uid: string): void;
  /** A declaration of the reconciler threw. */
  bug(error: unknown, facts: object): void;
}

/** Derives from a reconciler's declarations who wakes it. Returns the way to stop listening. */
export function watch(options: ReconcilerOptions, kinds: Kinds, wakes: Wakes): () => void {
  const primary = kinds.informerOf(options.kind);
  const stops = [
    ...(options.follows ?? []).map((follow, index) => watchFollowed(options, follow, index, kinds, primary, wakes)),
    ...(options.owns ?? []).map((owned) => watchOwned(options.kind, kinds.informerOf(owned), wakes)),
    watchPrimary(primary, wakes),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function watchPrimary(primary: Informer, wakes: Wakes): () => void {
  return primary.onChange(({ key, current, previous }) => {
    const uid = previous?.metadata.uid;
    if (uid !== undefined && uid !== current?.metadata.uid) wakes.gone(key, uid);
    if (current) wakes.wake(key);
  });
}

/** The forward reference is declared once; the index makes it readable backwards. */
function watchFollowed(
  options: ReconcilerOptions,
  follow: Follow,
  position: number,
  kinds: Kinds,
  primary: Informer,
  wakes: Wakes,
): () => void {
  const followed = kinds.informerOf(follow.kind);
  const index = `${options.name}#${position}`;
  primary.addIndex(index, (resource) => references(follow, resource, wakes));
  return followed.onChange(({ key }) => {
    for (const referrer of primary.byIndex(index, keyText(key))) wakes.wake(keyOf(referrer));
  });
}

function references(follow: Follow, resource: KubeObject, wakes: Wakes): string[] {
  try {
    return follow.references(resource).map(keyText);
  } catch (error) {
    wakes.bug(error, { object: keyText(resource.metadata), follows: follow.kind.name });
    return [];
  }
}

function watchOwned(ownerKind: ResourceClass, owned: Informer, wakes: Wakes): () => void {
  const owner = resourceType(ownerKind);
  return owned.onChange(({ current, previous }) => {
    const names = new Map<string, ObjectKey>();
    for (const child of [current, previous]) {
      for (const reference of child?.metadata.ownerReferences ?? []) {
        if (reference.kind !== owner.kind || reference.apiVersion !== apiVersionOf(owner)) continue;
        const namespace = owner.namespaced ? child?.metadata.namespace : undefined;
        names.set(
          reference.name,
          namespace === undefined ? { name: reference.name } : { namespace, name: reference.name },
        );
      }
    }
    for (const key of names.values()) wakes.wake(key);
  });
}
