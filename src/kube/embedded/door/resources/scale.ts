import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { ServedKind } from '../../catalogue.js';
import { compileJsonPath } from '../table/json-path.js';

/** The `autoscaling/v1` view of an object: how many replicas are wanted and how many there are. */
export interface Scale {
  kind: 'Scale';
  apiVersion: 'autoscaling/v1';
  metadata: Record<string, unknown>;
  spec: { replicas: number };
  status: { replicas: number; selector?: string };
}

export const SCALE_TYPE = { group: 'autoscaling', version: 'v1', kind: 'Scale', plural: 'scales', namespaced: true };

/** Reads the scale of an object through the paths its definition names. */
export function scaleOf(served: ServedKind, object: UntypedObject): Scale {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = served.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = labelSelectorPath ? compileJsonPath(labelSelectorPath)(object)[0] : undefined;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: { replicas: countAt(object, specReplicasPath) },
    status: {
      replicas: countAt(object, statusReplicasPath),
      ...(typeof selector === 'string' && selector ? { selector } : {}),
    },
  };
}

/** The merge patch that sets the wanted replicas, e.g. `{spec: {replicas: 3}}`. */
export function replicasPatch(served: ServedKind, replicas: number): Record<string, unknown> {
  const names = served.scale!.specReplicasPath.split('.').filter(Boolean);
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), replicas) as Record<string, unknown>;
}

function countAt(object: UntypedObject, path: string): number {
  const value = compileJsonPath(path)(object)[0];
  return typeof value === 'number' ? value : 0;
}
