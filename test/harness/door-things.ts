import { expect } from '@jest/globals';
import { EmbeddedDoor } from './embedded-door.js';
import { eventually } from './eventually.js';

export const MAPS = '/api/v1/namespaces/default/configmaps';
export const THINGS = '/apis/ex.io/v1/namespaces/default/things';
export const JSON_TYPE = { 'content-type': 'application/json' };

/** A kind with status and scale, as a definition. */
const THING_DEFINITION = {
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
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer' },
                  list: { type: 'array', items: { type: 'string' } },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

export const configMap = (name: string, data: Record<string, string> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
export const thing = (name: string, rest: object = {}) =>
  JSON.stringify({ apiVersion: 'ex.io/v1', kind: 'Thing', metadata: { name }, ...rest });

/** A door that serves the kind above, with one object called `present`. */
export async function doorWithThings(): Promise<EmbeddedDoor> {
  const door = await EmbeddedDoor.start();
  const post = (path: string, body: string) => door.ask(path, { method: 'POST', body, headers: JSON_TYPE });
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  expect((await post(definitions, JSON.stringify(THING_DEFINITION))).code).toBe(201);
  await eventually(async () => expect((await door.ask(THINGS)).code).toBe(200));
  expect((await post(THINGS, thing('present', { spec: { replicas: 1 } }))).code).toBe(201);
  return door;
}

/** The door still answers, and no body reached the prototype of all objects. */
export async function expectAlive(door: EmbeddedDoor): Promise<void> {
  expect((await door.ask('/readyz', { token: null })).text).toBe('ok');
  expect((await door.ask(`${THINGS}/present`)).code).toBe(200);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}
