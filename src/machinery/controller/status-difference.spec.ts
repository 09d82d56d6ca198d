import { describe, expect, it } from '@jest/globals';
import { isApplied } from './status-difference.js';

const ready = { type: 'Ready', status: 'True', reason: 'Fine', message: '', lastTransitionTime: 't' };

function stored(status: object | undefined, owned?: object) {
  const managedFields = owned && [
    {
      manager: 'me',
      operation: 'Apply' as const,
      subresource: 'status',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1' as const,
      fieldsV1: { 'f:status': owned },
    },
  ];
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', managedFields }, status };
}

describe('a status', () => {
  it('needs no write when every field is there with its value', () => {
    expect(isApplied(stored({ phase: 'ready', other: 1 }), { phase: 'ready', message: undefined }, 'me')).toBe(true);
    expect(isApplied(stored({ a: { b: [1, 2] } }), { a: { b: [1, 2] } }, 'me')).toBe(true);
  });

  it('needs a write when a field is absent or differs', () => {
    expect(isApplied(stored(undefined), { phase: 'ready' }, 'me')).toBe(false);
    expect(isApplied(stored({ phase: 'error' }), { phase: 'ready' }, 'me')).toBe(false);
    expect(isApplied(stored({ a: [1, 2] }), { a: [1] }, 'me')).toBe(false);
  });

  it('compares conditions by type, whatever others stand beside them', () => {
    const conditions = [{ ...ready, type: 'Other' }, ready];
    expect(isApplied(stored({ conditions }), { conditions: [ready] }, 'me')).toBe(true);
    expect(isApplied(stored({ conditions }), { conditions: [{ ...ready, message: 'new' }] }, 'me')).toBe(false);
  });

  it('needs a write to give up a field that its author owned', () => {
    const owned = { 'f:phase': {}, 'f:message': {} };
    expect(isApplied(stored({ phase: 'ready', message: 'x' }, owned), { phase: 'ready' }, 'me')).toBe(false);
    expect(isApplied(stored({ phase: 'ready', message: 'x' }, owned), { phase: 'ready', message: 'x' }, 'me')).toBe(
      true,
    );
    const conditions = { 'k:{"type":"Ready"}': { '.': {}, 'f:type': {} } };
    expect(isApplied(stored({ conditions: [ready] }, { 'f:conditions': conditions }), { conditions: [] }, 'me')).toBe(
      false,
    );
  });
});
