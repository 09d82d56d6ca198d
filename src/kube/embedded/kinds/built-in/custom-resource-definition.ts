import { checkDefinition } from '../definitions/check-definition.js';
import { establish, fillNames } from '../definitions/fill-definition.js';
import { declare } from './declare.js';
import { anything, boolean, conditions, integer, listOf, object, string } from './schema-words.js';

const names = object(
  {
    plural: string(),
    singular: string(),
    kind: string(),
    listKind: string(),
    shortNames: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
    categories: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
  },
  { required: ['plural', 'kind'] },
);

const column = object(
  {
    name: string(),
    type: string(),
    jsonPath: string(),
    description: string(),
    format: string(),
    priority: integer(),
  },
  { required: ['name', 'type', 'jsonPath'] },
);

const version = object(
  {
    name: string(),
    served: boolean(),
    storage: boolean(),
    deprecated: boolean(),
    deprecationWarning: string(),
    schema: object({ openAPIV3Schema: { type: 'object', ...anything() } }),
    subresources: object({
      status: { type: 'object', ...anything() },
      scale: object(
        { specReplicasPath: string(), statusReplicasPath: string(), labelSelectorPath: string() },
        { required: ['specReplicasPath', 'statusReplicasPath'] },
      ),
    }),
    additionalPrinterColumns: listOf(column, { 'x-kubernetes-list-type': 'atomic' }),
    selectableFields: listOf(object({ jsonPath: string() }, { required: ['jsonPath'] }), {
      'x-kubernetes-list-type': 'atomic',
    }),
  },
  { required: ['name', 'served', 'storage'] },
);

export const DEFINITION_TYPE = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

export const customResourceDefinition = declare({
  type: DEFINITION_TYPE,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  status: true,
  description: 'CustomResourceDefinition represents a resource that should be exposed on the API server.',
  required: ['spec'],
  properties: {
    spec: object(
      {
        group: string(),
        names,
        scope: { ...string(), enum: ['Cluster', 'Namespaced'] },
        versions: listOf(version, { 'x-kubernetes-list-type': 'atomic' }),
        conversion: object({ strategy: string(), webhook: anything() }),
        preserveUnknownFields: boolean(),
      },
      { required: ['group', 'names', 'scope', 'versions'] },
    ),
    status: object({
      acceptedNames: names,
      conditions,
      storedVersions: listOf(string(), { 'x-kubernetes-list-type': 'atomic' }),
      observedGeneration: integer(),
    }),
  },
  columns: [{ name: 'Created At', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
  rules: {
    generation: true,
    unconditionalUpdate: false,
    normalise: fillNames,
    complete: establish,
    check: checkDefinition,
  },
});
