import { describe, expect, it } from '@jest/globals';
import type { StructuralSchema } from '../catalogue.js';
import { mergePatch } from './merge-patch.js';
import { strategicMerge } from './strategic-merge.js';

describe('a merge patch', () => {
  it.each([
    [{ a: 1 }, { a: null }, {}],
    [{ a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: 'x' }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
    [{ a: 1 }, ['x'], ['x']],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('leaves the target as it is', () => {
    const target = { a: { b: 1 } };
    mergePatch(target, { a: { b: 2 } });
    expect(target).toEqual({ a: { b: 1 } });
  });
});

describe('a strategic merge patch', () => {
  const schema: StructuralSchema = {
    type: 'object',
    properties: {
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
        items: { type: 'object', properties: { port: { type: 'integer' }, name: { type: 'string' } } },
      },
      marks: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      steps: { type: 'array', items: { type: 'string' } },
    },
  };
  const ports = [
    { port: 80, name: 'http' },
    { port: 443, name: 'https' },
  ];

  it.each([
    [
      'merges list items by their key',
      { ports },
      { ports: [{ port: 80, name: 'web' }, { port: 9 }] },
      { ports: [{ port: 80, name: 'web' }, { port: 9 }, ports[1]] },
    ],
    ['deletes a list item', { ports }, { ports: [{ port: 80, $patch: 'delete' }] }, { ports: [ports[1]] }],
    ['replaces a whole list', { ports }, { ports: [{ port: 1 }, { $patch: 'replace' }] }, { ports: [{ port: 1 }] }],
    ['adds to a set', { marks: ['a'] }, { marks: ['a', 'b'] }, { marks: ['a', 'b'] }],
    ['takes from a set', { marks: ['a', 'b'] }, { '$deleteFromPrimitiveList/marks': ['a'] }, { marks: ['b'] }],
    ['replaces a plain list', { steps: ['a'] }, { steps: ['b'] }, { steps: ['b'] }],
    [
      'puts list items into the order it names',
      { ports },
      { '$setElementOrder/ports': [{ port: 443 }, { port: 80 }] },
      { ports: ports.toReversed() },
    ],
    [
      'leaves items that the order does not name before those they stood before',
      { ports },
      { '$setElementOrder/ports': [{ port: 9 }, { port: 443 }], ports: [{ port: 9 }] },
      { ports: [{ port: 9 }, ...ports] },
    ],
    ['orders nothing that is not there', { a: 1 }, { '$setElementOrder/ports': [{ port: 443 }] }, { a: 1 }],
    ['keeps only what is to be retained', { a: 1, b: 2 }, { $retainKeys: ['b'], b: 3 }, { b: 3 }],
    ['empties a map', { a: { b: 1 } }, { a: { $patch: 'delete' } }, { a: {} }],
  ])('%s', (_title, target, patch, result) => {
    expect(
      strategicMerge(schema, structuredClone(target) as Record<string, unknown>, patch as Record<string, unknown>),
    ).toEqual(result);
  });
});
