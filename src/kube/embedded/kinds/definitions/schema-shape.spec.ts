import { describe, expect, it } from '@jest/globals';
import { schemaShape } from './schema-shape.js';

describe('the shape of a schema', () => {
  it('is right when every keyword has a value of its kind', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'array', items: { type: 'string', minLength: 1, enum: ['x'] } },
        type: { type: 'string' },
      },
      additionalProperties: false,
      'x-kubernetes-validations': [{ rule: 'self.a.size() > 0' }],
    };
    expect(schemaShape(schema, 'at')).toEqual([]);
  });

  it.each<[unknown, string, string]>([
    [null, 'at', 'an object'],
    [{ type: 7 }, 'at.type', 'a string'],
    [{ properties: [null] }, 'at.properties', 'an object'],
    [{ properties: { a: null } }, 'at.properties[a]', 'an object'],
    [{ items: [] }, 'at.items', 'an object'],
    [{ required: 'a' }, 'at.required', 'a list of strings'],
    [{ 'x-kubernetes-validations': {} }, 'at.x-kubernetes-validations', 'a list of rules, each with the text "rule"'],
    [{ anyOf: [{ pattern: {} }] }, 'at.anyOf[0].pattern', 'a string'],
  ])('is wrong in %j', (schema, field, wanted) => {
    expect(schemaShape(schema, 'at')).toEqual([
      { reason: 'FieldValueInvalid', field, message: `Invalid value: must be ${wanted}` },
    ]);
  });
});
