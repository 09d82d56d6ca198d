import type { PrinterColumn, ResourceType } from '../../kit/resource/resource.js';

/** A structural schema node, as in a CRD's `openAPIV3Schema`. */
export interface StructuralSchema {
  type?: string;
  description?: string;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema | boolean;
  items?: StructuralSchema;
  required?: string[];
  default?: unknown;
  enum?: unknown[];
  nullable?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-validations'?: {
    rule: string;
    message?: string;
    messageExpression?: string;
    reason?: string;
    fieldPath?: string;
    optionalOldSelf?: boolean;
  }[];
  [keyword: string]: unknown;
}

/** Everything the API server knows about one served kind in one version. */
export interface ServedKind {
  type: ResourceType;
  singular: string;
  listKind: string;
  shortNames: string[];
  categories: string[];
  /** `create delete deletecollection get list patch update watch`, or fewer for review kinds. */
  verbs: string[];
  statusSubresource: boolean;
  /** Paths of the scale subresource, when the CRD declares one. */
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string };
  schema: StructuralSchema;
  printerColumns: PrinterColumn[];
  /** Built-in kinds take strategic merge patches and have columns of their own. */
  builtIn: boolean;
}

/** The kinds served now; it grows and shrinks with CustomResourceDefinitions. */
export interface Catalogue {
  kinds(): ServedKind[];
  find(group: string, version: string, plural: string): ServedKind | undefined;
  /** Changes whenever any kind of that group and version changes: a cache key for discovery and OpenAPI. */
  revision(): number;
}
