import { describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../kit/resource/object.js';
import { KnownFieldSets } from './known-field-sets.js';

describe('the owned fields of objects', () => {
  const object = (...sets: Record<string, unknown>[]): UntypedObject => ({
    apiVersion: 'v1',
    kind: 'X',
    metadata: {
      name: 'x',
      managedFields: sets.map((fieldsV1) => ({
        manager: 'm',
        operation: 'Update' as const,
        apiVersion: 'v1',
        fieldsType: 'FieldsV1' as const,
        fieldsV1,
      })),
    },
  });
  const shared = (fields: KnownFieldSets, ...sets: Record<string, unknown>[]) => {
    const stored = object(...sets);
    fields.share(stored);
    return stored.metadata.managedFields!.map(({ fieldsV1 }) => fieldsV1);
  };

  it('are one and the same where they are equal, and only there', () => {
    const fields = new KnownFieldSets();
    const [first] = shared(fields, { 'f:spec': { 'f:a': {} } });
    const [second, third] = shared(fields, { 'f:spec': { 'f:a': {} } }, { 'f:spec': { 'f:b': {} } });
    expect(second).toBe(first);
    expect(third).toEqual({ 'f:spec': { 'f:b': {} } });
  });

  it('cannot be changed through one of the objects', () => {
    const [set] = shared(new KnownFieldSets(), { 'f:spec': { 'f:a': {} } });
    expect(() => Object.assign(set!['f:spec'] as object, { 'f:b': {} })).toThrow(TypeError);
  });

  it('of an object that has none, or a wrong one, stay as they are', () => {
    const odd = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', managedFields: [{ fieldsV1: 'f' }, null] } };
    const before = structuredClone(odd);
    for (const each of [odd, { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } }]) {
      new KnownFieldSets().share(each as unknown as UntypedObject);
    }
    expect(odd).toEqual(before);
  });
});
