import type { StructuralSchema } from '../../catalogue.js';

/** Short words for the schemas of the built-in kinds. */
export const string = (description?: string): StructuralSchema => ({
  type: 'string',
  ...(description && { description }),
});
export const boolean = (description?: string): StructuralSchema => ({
  type: 'boolean',
  ...(description && { description }),
});
export const integer = (description?: string): StructuralSchema => ({
  type: 'integer',
  format: 'int32',
  ...(description && { description }),
});
export const time = (description?: string): StructuralSchema => ({
  type: 'string',
  format: 'date-time',
  nullable: true,
  ...(description && { description }),
});
export const mapOf = (values: StructuralSchema, description?: string): StructuralSchema => ({
  type: 'object',
  additionalProperties: values,
  ...(description && { description }),
});
export const object = (
  properties: Record<string, StructuralSchema>,
  extra: StructuralSchema = {},
): StructuralSchema => ({
  type: 'object',
  properties,
  ...extra,
});
export const listOf = (items: StructuralSchema, extra: StructuralSchema = {}): StructuralSchema => ({
  type: 'array',
  items,
  ...extra,
});
export const mapList = (keys: string[], items: StructuralSchema): StructuralSchema => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});
export const anything = (description?: string): StructuralSchema => ({
  'x-kubernetes-preserve-unknown-fields': true,
  ...(description && { description }),
});

export const objectReference: StructuralSchema = object(
  {
    apiVersion: string(),
    kind: string(),
    name: string(),
    namespace: string(),
    uid: string(),
    resourceVersion: string(),
    fieldPath: string(),
  },
  { 'x-kubernetes-map-type': 'atomic' },
);

export const conditions: StructuralSchema = mapList(
  ['type'],
  object(
    {
      type: string(),
      status: string(),
      reason: string(),
      message: string(),
      lastTransitionTime: time(),
      lastProbeTime: time(),
      observedGeneration: { type: 'integer', format: 'int64' },
    },
    { required: ['type', 'status'] },
  ),
);
