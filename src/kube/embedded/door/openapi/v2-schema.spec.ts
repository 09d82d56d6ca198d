import { describe, expect, it } from '@jest/globals';
import { v2Schema } from './v2-schema.js';

describe('a schema of OpenAPI 2.0', () => {
  it('points where the schema of 3.0 points, with its description', () => {
    const target = { $ref: '#/components/schemas/x.Meta' };
    expect(v2Schema(target)).toEqual({ $ref: '#/definitions/x.Meta' });
    expect(v2Schema({ description: 'That.', allOf: [target] })).toEqual({
      description: 'That.',
      $ref: '#/definitions/x.Meta',
    });
  });

  it('has no type and no fields where anything may be', () => {
    const properties = { a: { type: 'string' } };
    expect(v2Schema({ type: 'object', nullable: true, properties })).toEqual({});
    const open = { 'x-kubernetes-preserve-unknown-fields': true };
    expect(v2Schema({ type: 'object', properties, ...open })).toEqual(open);
    expect(v2Schema({ type: 'array', items: { type: 'string' }, ...open })).toEqual(open);
  });

  it('has no choices, and does not need what may be null', () => {
    const properties = {
      a: { type: 'string', nullable: true },
      b: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    };
    expect(v2Schema({ type: 'object', required: ['a', 'b'], properties })).toEqual({
      type: 'object',
      required: ['b'],
      properties: { a: {}, b: {} },
    });
  });

  it('is changed at every depth', () => {
    const inner = { type: 'string', nullable: true };
    expect(v2Schema({ type: 'array', items: { type: 'object', additionalProperties: inner } })).toEqual({
      type: 'array',
      items: { type: 'object', additionalProperties: {} },
    });
    expect(v2Schema({ type: 'object', additionalProperties: true })).toEqual({
      type: 'object',
      additionalProperties: true,
    });
  });
});
