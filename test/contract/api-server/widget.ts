import type { KubeObject, UntypedObject } from '../../../src/kit/resource/object.js';
import type { ResourceType } from '../../../src/kit/resource/resource.js';

const core = (kind: string, plural: string, namespaced = true): ResourceType => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced,
});

export const NAMESPACE = core('Namespace', 'namespaces', false);
export const SECRET = core('Secret', 'secrets');
export const SERVICE = core('Service', 'services');
export const CONFIG_MAP = core('ConfigMap', 'configmaps');
export const SERVICE_ACCOUNT = core('ServiceAccount', 'serviceaccounts');
export const LEASE: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};
export const CRD: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

/** The kind under test; every court serves it in a group of its own. */
export interface Widget extends KubeObject {
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export const widgetType = (group: string): ResourceType => ({
  group,
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
});

const text = { type: 'string' };
const integer = { type: 'integer' };

/** One field for each thing a structural schema can say. */
const SPEC = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 100 },
    colour: { type: 'string', enum: ['red', 'green', 'blue'], default: 'red' },
    slug: { type: 'string', pattern: '^[a-z]+$', maxLength: 10, minLength: 2 },
    weight: { type: 'number' },
    enabled: { type: 'boolean' },
    parts: {
      type: 'array',
      maxItems: 4,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: text, count: { type: 'integer', default: 1 }, note: text },
      },
    },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
    steps: { type: 'array', items: text },
    notes: { type: 'object', additionalProperties: text },
    frozen: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text, b: text } },
    anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    template: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    oneWay: {
      type: 'object',
      properties: { left: text, right: text },
      oneOf: [{ required: ['left'] }, { required: ['right'] }],
    },
    port: { 'x-kubernetes-int-or-string': true },
    maybe: { type: 'string', nullable: true },
    code: {
      type: 'string',
      maxLength: 20,
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'code is immutable' }],
    },
    limits: {
      type: 'object',
      properties: { low: integer, high: integer },
      'x-kubernetes-validations': [
        { rule: '!has(self.low) || !has(self.high) || self.low <= self.high', message: 'low must not be above high' },
      ],
    },
    nested: { type: 'object', properties: { deep: { type: 'string', default: 'sea' }, other: text } },
  },
};

const STATUS = {
  type: 'object',
  properties: {
    phase: text,
    seen: integer,
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: { type: 'object', required: ['type', 'status'], properties: { type: text, status: text, reason: text } },
    },
  },
};

/** A namespaced kind with a status subresource and printer columns. */
export function widgetDefinition(group: string, plural = 'widgets', kind = 'Widget'): UntypedObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How big' },
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
            { name: 'Colour', type: 'string', jsonPath: '.spec.colour', priority: 1 },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: SPEC, status: STATUS } } },
        },
      ],
    },
  };
}
