import { describe, expect, it } from '@jest/globals';
import { discoveryVersion, negotiate } from './accept.js';
import { warningHeaders } from './answer.js';
import { QueryParameters } from './query-parameters.js';
import { parseResourcePath } from './resource-path.js';

describe('the form of an answer', () => {
  it.each([
    [undefined, { format: 'json', as: 'object' }],
    ['*/*', { format: 'json', as: 'object' }],
    ['application/vnd.kubernetes.protobuf,application/json', { format: 'json', as: 'object' }],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', { as: 'Table', version: 'v1' }],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', { as: 'Table', version: 'v1beta1' }],
    ['application/json;as=Table;v=v9;g=meta.k8s.io,application/yaml', { format: 'yaml', as: 'object' }],
    ['application/yaml;q=0.1,application/json;q=0.9', { format: 'json' }],
    ['application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', { as: 'PartialObjectMetadata' }],
  ])('asked for by %s is found', (header, form) => {
    expect(negotiate(header)).toMatchObject(form);
  });

  it.each(['text/html', 'application/vnd.kubernetes.protobuf', 'application/json;q=0'])('cannot be %s', (header) => {
    expect(() => negotiate(header)).toThrow('only the following media types are accepted');
  });

  it('of discovery is aggregated when the client prefers that', () => {
    const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    expect(discoveryVersion(`${aggregated},application/json`)).toBe('v2');
    expect(discoveryVersion(`application/json,${aggregated}`)).toBeUndefined();
    expect(discoveryVersion(undefined)).toBeUndefined();
  });
});

describe('a resource path', () => {
  it.each([
    ['api/v1/namespaces', { group: '', plural: 'namespaces' }],
    ['api/v1/namespaces/x', { plural: 'namespaces', name: 'x' }],
    ['api/v1/namespaces/x/status', { plural: 'namespaces', name: 'x', subresource: 'status' }],
    ['api/v1/namespaces/x/secrets', { namespace: 'x', plural: 'secrets' }],
    ['apis/ex.io/v1/namespaces/x/status', { namespace: 'x', plural: 'status' }],
    ['apis/ex.io/v1/agents', { group: 'ex.io', version: 'v1', plural: 'agents' }],
    [
      'apis/ex.io/v1/namespaces/x/agents/a/scale',
      { namespace: 'x', plural: 'agents', name: 'a', subresource: 'scale' },
    ],
  ])('%s is read', (path, expected) => {
    expect(parseResourcePath(path.split('/'))).toMatchObject(expected);
  });

  it.each(['api', 'api/v1', 'apis/ex.io/v1', 'openapi/v3/x', 'apis/g/v1/a/b/c/d', 'apis/g/v1/a//c'])(
    'is not %s',
    (path) => {
      expect(parseResourcePath(path.split('/'))).toBeUndefined();
    },
  );
});

describe('query parameters', () => {
  const query = (text: string) => new QueryParameters(new URLSearchParams(text));

  it('are read as Go reads them', () => {
    expect(query('watch').flag('watch')).toBe(true);
    expect(query('watch=0').flag('watch')).toBe(false);
    expect(query('limit=5').count('limit')).toBe(5);
    expect(query('limit=0').count('limit')).toBeUndefined();
    expect(query('resourceVersion=12').resourceVersion()).toBe('12');
  });

  it('that are garbage are refused by name', () => {
    expect(() => query('limit=abc').count('limit')).toThrow('limit: Invalid value: "abc"');
    expect(() => query('timeoutSeconds=-1').count('timeoutSeconds')).toThrow('timeoutSeconds');
    expect(() => query('watch=maybe').flag('watch')).toThrow('watch');
    expect(() => query('resourceVersion=abc').resourceVersion()).toThrow('invalid resource version');
  });
});

describe('warnings', () => {
  it('become headers that any HTTP client can read', () => {
    expect(warningHeaders(['unknown field "spec.x"', 'unknown field "spec.x"', 'naïve\nline'])).toEqual([
      '299 - "unknown field \\"spec.x\\""',
      '299 - "na?ve line"',
    ]);
  });
});
