import { describe, expect, it } from '@jest/globals';
import { metadataMismatch } from './metadata-types.js';

describe('the types of metadata', () => {
  it('are right for an object that Go can read, nulls included', () => {
    const metadata = {
      name: 'a',
      labels: { a: 'b', c: null },
      annotations: null,
      finalizers: ['x'],
      generation: 2,
      ownerReferences: [{}],
      unknown: 7,
    };
    expect(metadataMismatch(metadata)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [[], 'array into Go struct field .metadata of type v1.ObjectMeta'],
    [{ name: 3 }, 'number into Go struct field ObjectMeta.name of type string'],
    [{ labels: { a: 3 } }, 'number into Go struct field ObjectMeta.labels of type string'],
    [{ annotations: [] }, 'array into Go struct field ObjectMeta.annotations of type map[string]string'],
    [{ finalizers: 'x' }, 'string into Go struct field ObjectMeta.finalizers of type []string'],
    [{ finalizers: [true] }, 'bool into Go struct field ObjectMeta.finalizers of type string'],
    [{ generation: 1.5 }, 'number into Go struct field ObjectMeta.generation of type int64'],
  ])('are told for %j in the words of Go', (metadata, words) => {
    expect(metadataMismatch(metadata)).toBe(words);
  });
});
