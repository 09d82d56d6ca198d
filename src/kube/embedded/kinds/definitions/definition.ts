import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { PrinterColumn } from '../../../../kit/resource/resource.js';
import type { StructuralSchema } from '../../catalogue.js';

/** Keeps a definition until the objects of its kind are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

export interface DefinedNames {
  plural: string;
  kind: string;
  singular?: string;
  listKind?: string;
  shortNames?: string[];
  categories?: string[];
}

export interface DefinedVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: StructuralSchema };
  subresources?: {
    status?: object;
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  };
  additionalPrinterColumns?: PrinterColumn[];
  selectableFields?: { jsonPath: string }[];
}

export interface DefinitionSpec {
  group: string;
  scope: 'Namespaced' | 'Cluster';
  names: DefinedNames;
  versions: DefinedVersion[];
  conversion?: { strategy?: string };
}

/** The parts of a CustomResourceDefinition that this server reads; only of objects that passed the schema. */
export type Definition = UntypedObject & { spec: DefinitionSpec };

export function asDefinition(object: UntypedObject): Definition {
  return object as Definition;
}
