import { describe, expect, it } from '@jest/globals';
import { servedKind } from '../testing/served-kind.js';
import { documentName, openApiDocument } from './openapi-v3.js';

interface Document {
  paths: Record<
    string,
    Record<string, { parameters?: { name: string }[]; 'x-kubernetes-group-version-kind'?: object }>
  >;
  components: { schemas: Record<string, Record<string, unknown>> };
}

const agent = servedKind({
  scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
  schema: {
    type: 'object',
    description: 'Agent is a thing.',
    properties: {
      spec: { type: 'object', properties: { port: { 'x-kubernetes-int-or-string': true, default: { type: 'kept' } } } },
    },
  },
});
const document = openApiDocument([agent], 'test') as Document;
const ITEM = '/apis/ex.io/v1/namespaces/{namespace}/agents/{name}';

describe('the OpenAPI document of a group version', () => {
  it('tells kubectl through its PATCH operation that the server validates fields', () => {
    const { patch } = document.paths[ITEM]!;
    expect(patch!['x-kubernetes-group-version-kind']).toEqual({ group: 'ex.io', version: 'v1', kind: 'Agent' });
    expect(patch!.parameters!.map((parameter) => parameter.name)).toContain('fieldValidation');
  });

  it('has the paths of the kind and its subresources', () => {
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        '/apis/ex.io/v1/agents',
        '/apis/ex.io/v1/namespaces/{namespace}/agents',
        ITEM,
        `${ITEM}/scale`,
        `${ITEM}/status`,
      ].sort(),
    );
  });

  it('gives the kind its envelope and the metadata definition that explain follows', () => {
    const schema = document.components.schemas['io.ex.v1.Agent']!;
    expect(schema).toMatchObject({
      description: 'Agent is a thing.',
      properties: { apiVersion: {}, kind: {}, metadata: { allOf: [{ $ref: expect.stringContaining('ObjectMeta') }] } },
      'x-kubernetes-group-version-kind': [{ group: 'ex.io', version: 'v1', kind: 'Agent' }],
    });
  });

  it('publishes int-or-string as a choice and leaves defaults as they are', () => {
    const { properties } = document.components.schemas['io.ex.v1.Agent'] as {
      properties: { spec: { properties: { port: object } } };
    };
    expect(properties.spec.properties.port).toEqual({
      'x-kubernetes-int-or-string': true,
      default: { type: 'kept' },
      anyOf: [{ type: 'integer' }, { type: 'string' }],
    });
  });

  it('refers only to definitions it has', () => {
    const { schemas } = document.components;
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(schemas)).toContain(name);
    }
  });

  it('is named as the index names it', () => {
    expect(documentName({ group: 'ex.io', version: 'v1' })).toBe('apis/ex.io/v1');
    expect(documentName({ group: '', version: 'v1' })).toBe('api/v1');
  });
});
