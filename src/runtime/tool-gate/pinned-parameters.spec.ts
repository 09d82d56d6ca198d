import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { query } from '../../../test/harness/manifests.js';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import type { Query } from '../../resources/query/query.resource.js';
import { pinnedValues, withoutPinned } from './pinned-parameters.js';

const asked = query('q', { input: '', parameters: [{ name: 'who', value: 'Ada' }] }) as unknown as Query;
const name = fc.stringMatching(/^[a-z]{1,6}$/);

describe('pinned parameters', () => {
  it('leave no trace in the schema that is offered', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.func(fc.boolean()), (names, isPinned) => {
        const pinned = names.filter((each) => isPinned(each));
        const properties = Object.fromEntries(names.map((each) => [each, { type: 'string' }]));
        const offered = withoutPinned(
          { type: 'object', properties, required: names, additionalProperties: false },
          pinned,
        );
        const open = names.filter((each) => !pinned.includes(each));
        expect(Object.keys(offered.properties as object)).toEqual(open);
        expect(offered.required ?? []).toEqual(open);
        expect(offered.additionalProperties).toBe(false);
      }),
    );
  });

  it('keep a text as it is, whatever it looks like', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (value) => {
        fc.pre(!value.includes('{{'));
        expect(await pinnedValues([{ name: 'p', value }], {}, asked, 'default', new MemoryObjects())).toEqual({
          p: value,
        });
      }),
    );
  });

  it('get the type that the schema gives them', async () => {
    const types = { integer: '7', number: '1.5', boolean: 'true', array: '[1]', object: '{"a":1}', null: 'null' };
    const properties = Object.fromEntries(Object.keys(types).map((type) => [type, { type }]));
    const parameters = Object.entries(types).map(([each, value]) => ({ name: each, value }));
    expect(await pinnedValues(parameters, { properties }, asked, 'default', new MemoryObjects())).toEqual({
      ...{ integer: 7, number: 1.5, boolean: true, array: [1], object: { a: 1 }, null: null },
    });
  });

  it('come from every source', async () => {
    const objects = new MemoryObjects().put(
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'dG9w' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { k: 'map' } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'api' }, spec: { ports: [{ port: 80 }] } },
    );
    const parameters = [
      { name: 'value', value: 'for {{.Query.who}}' },
      { name: 'secret', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'map', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
      { name: 'service', valueFrom: { serviceRef: { name: 'api' } } },
      { name: 'query', valueFrom: { queryParameterRef: { name: 'who' } } },
    ];
    expect(await pinnedValues(parameters, {}, asked, 'default', objects)).toEqual({
      value: 'for Ada',
      secret: 'top',
      map: 'map',
      service: 'http://api.default.svc.cluster.local:80',
      query: 'Ada',
    });
  });
});
