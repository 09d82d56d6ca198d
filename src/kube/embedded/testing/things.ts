import type { UntypedObject } from '../../../kit/resource/object.js';
import type { StructuralSchema } from '../catalogue.js';

/** A kind of the tests. */
export const THINGS = { group: 'ex.io', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };

export const THING_SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { model: { type: 'string' } } },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};

export function thingDefinition(schema: StructuralSchema = THING_SCHEMA): UntypedObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.ex.io' },
    spec: {
      group: 'ex.io',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {} },
        },
      ],
    },
  };
}

export function thing(name: string, spec: Record<string, unknown>, namespace = 'default'): UntypedObject {
  return { apiVersion: 'ex.io/v1', kind: 'Thing', metadata: { name, namespace }, spec };
}
