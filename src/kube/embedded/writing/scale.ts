import type { UntypedObject } from '../../../kit/resource/object.js';
import { StatusError } from '../../api-server/status.js';
import { unknownResource } from '../errors/refusals.js';
import { isObject, type Json } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';

/** The `autoscaling/v1` Scale of an object. Throws when the kind or the object has none. */
export function scaleOf(kind: Kind, object: UntypedObject): UntypedObject {
  const { scale } = kind.served;
  if (!scale) throw unknownResource();
  const replicas = read(object, scale.specReplicasPath);
  if (typeof replicas !== 'number') {
    const message = `the spec replicas field "${scale.specReplicasPath}" does not exist`;
    throw new StatusError('InternalError', `Internal error occurred: ${message}`, {
      causes: [{ reason: '', message }],
    });
  }
  const actual = read(object, scale.statusReplicasPath);
  const selector = scale.labelSelectorPath ? read(object, scale.labelSelectorPath) : undefined;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas },
    status: {
      replicas: typeof actual === 'number' ? actual : 0,
      ...(typeof selector === 'string' ? { selector } : {}),
    },
  };
}

/** What a patch of the Scale starts from: an object may have no replicas yet. */
export function scaleOrEmpty(kind: Kind, object: UntypedObject): UntypedObject {
  const path = kind.served.scale?.specReplicasPath;
  if (path && typeof read(object, path) === 'number') return scaleOf(kind, object);
  return { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: object.metadata, spec: {} };
}

/** Sets the replicas of a fresh object to what a Scale says. */
export function setReplicas(kind: Kind, object: UntypedObject, scale: UntypedObject): void {
  const path = segments(kind.served.scale!.specReplicasPath);
  let at: Json = object;
  for (const segment of path.slice(0, -1)) {
    const next = at[segment];
    const below: Json = isObject(next) ? next : {};
    at[segment] = below;
    at = below;
  }
  at[path.at(-1)!] = (scale.spec as { replicas?: unknown } | undefined)?.replicas ?? 0;
}

function read(object: UntypedObject, path: string): unknown {
  let at: unknown = object;
  for (const segment of segments(path)) at = (at as Json | undefined)?.[segment];
  return at;
}

function segments(path: string): string[] {
  return path.split('.').filter((segment) => segment !== '');
}
