import { type Condition, type KubeObject, type ObjectMeta, type PrinterColumn, Resource } from '../../kit/index.js';

export interface CustomResourceVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema?: { openAPIV3Schema?: Record<string, unknown> };
  subresources?: { status?: Record<string, never>; scale?: Record<string, string> };
  additionalPrinterColumns?: PrinterColumn[];
}

/** Teaches the API server a kind. */
@Resource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  scope: 'Cluster',
  builtIn: true,
})
export class CustomResourceDefinition implements KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: { kind: string; plural: string; singular?: string; listKind?: string; shortNames?: string[] };
    versions: CustomResourceVersion[];
  };
  status?: { conditions?: Condition[] };
}
