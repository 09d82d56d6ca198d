import { describe, expect, it } from '@jest/globals';
import { type KubeObject, keyText, type ObjectKey, type ResourceClass, resourceType } from '../../kit/index.js';
import { resolveHeaders } from './resolve-headers.js';
import { resolveParameters } from './resolve-parameters.js';
import { references, resolveValue } from './resolve-value.js';
import type { ValueLookup } from './value-lookup.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const objects: Record<string, unknown> = {
  'Secret ns/keys': { data: { token: base64('s3cret\n') } },
  'ConfigMap ns/urls': { data: { judge: 'http://judge' } },
  'ConfigMap other/urls': { data: { judge: 'http://other' } },
  'Service ns/tools': {
    metadata: { name: 'tools', namespace: 'ns' },
    spec: {
      ports: [
        { name: 'http', port: 8080 },
        { name: 'https', port: 8443 },
        { name: 'tls', port: 443 },
      ],
    },
  },
  'Service ns/bare': { metadata: { name: 'bare', namespace: 'ns' }, spec: {} },
};
const lookup: ValueLookup = {
  get: <T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey) =>
    objects[`${resourceType(kind).kind} ${keyText(key)}`] as T | undefined,
};
const query = {
  metadata: { name: 'q', namespace: 'other' },
  spec: {
    parameters: [
      { name: 'tone', value: 'dry' },
      { name: 'url', valueFrom: { configMapKeyRef: { name: 'urls', key: 'judge' } } },
      { name: 'echo', valueFrom: { queryParameterRef: { name: 'tone' } } },
    ],
  },
};
const service = (port?: string | number, path?: string) => ({
  valueFrom: { serviceRef: { name: 'tools', port, path } },
});

describe('a value source', () => {
  it.each([
    [{ value: 'x', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }, 'x'],
    [{ value: '', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } }, 's3cret\n'],
    [{ valueFrom: { configMapKeyRef: { name: 'urls', key: 'judge' } } }, 'http://judge'],
    [{ valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional: true } } }, undefined],
    [service(), 'http://tools.ns.svc.cluster.local:8080'],
    [service('https', 'mcp/'), 'https://tools.ns.svc.cluster.local:8443/mcp'],
    [service('8080', '/a/../b//c'), 'http://tools.ns.svc.cluster.local:8080/b/c'],
    [service(443), 'https://tools.ns.svc.cluster.local:443'],
    [service('9999'), 'http://tools.ns.svc.cluster.local:9999'],
    [{ valueFrom: { queryParameterRef: { name: 'tone' } } }, 'dry'],
    [{ valueFrom: { queryParameterRef: { name: 'url' } } }, 'http://other'],
    [{ valueFrom: { queryParameterRef: { name: 'echo' } } }, 'dry'],
  ])('%j becomes %j', async (source, expected) => {
    expect(await resolveValue(source, 'ns', lookup, query)).toBe(expected);
  });

  it.each([
    [{}, /write value or valueFrom/],
    [{ valueFrom: {} }, /names no source/],
    [{ valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }, /secret ns\/none does not exist/],
    [{ valueFrom: { secretKeyRef: { name: 'keys', key: 'k' } } }, /secret ns\/keys has no key "k"; add it/],
    [service('grpc'), /no port "grpc"; its ports: http, https, tls/],
    [{ valueFrom: { serviceRef: { name: 'bare' } } }, /service ns\/bare has no ports/],
    [{ valueFrom: { serviceRef: { name: 'gone' } } }, /service ns\/gone does not exist; create it/],
    [{ valueFrom: { queryParameterRef: { name: 'x' } } }, /query q has no parameter "x"/],
  ])('%j is refused', async (source, message) => {
    await expect(resolveValue(source, 'ns', lookup, query)).rejects.toThrow(message);
  });

  it('cannot name a query parameter outside a Query', async () => {
    const source = { valueFrom: { queryParameterRef: { name: 'tone' } } };
    await expect(resolveValue(source, 'ns', lookup)).rejects.toThrow(/only while a Query is being answered/);
  });

  it('says which objects it reads', () => {
    const found = references(service(), 'ns').map(({ kind, key }) => `${kind.name} ${keyText(key)}`);
    expect(found).toEqual(['Service ns/tools']);
    expect(references({ value: 'x' }, 'ns')).toEqual([]);
  });
});

describe('headers and parameters', () => {
  it('are compared without case, and the last one wins', async () => {
    const headers = [
      { name: 'X-Tone', value: { value: 'a' } },
      { name: 'x-tone', value: { valueFrom: { queryParameterRef: { name: 'tone' } } } },
      { name: 'X-Gone', value: { valueFrom: { secretKeyRef: { name: 'none', key: 'k', optional: true } } } },
    ];
    expect(await resolveHeaders(headers, 'ns', lookup, query)).toEqual({ 'x-tone': 'dry' });
  });

  it('name the culprit when one cannot be resolved', async () => {
    const parameters = [{ name: 'who', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }];
    await expect(resolveParameters(parameters, 'ns', lookup)).rejects.toMatchObject({
      family: 'NotFound',
      message: 'parameter "who": secret ns/none does not exist; create it',
    });
  });
});
