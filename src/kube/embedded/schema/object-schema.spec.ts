import { describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../kit/resource/object.js';
import type { StructuralSchema } from '../catalogue.js';
import { ObjectSchema } from './object-schema.js';

function schemaOf(properties: Record<string, StructuralSchema>, extra: StructuralSchema = {}): ObjectSchema {
  return new ObjectSchema({ type: 'object', properties: { spec: { type: 'object', properties, ...extra } } }, true);
}

const object = (spec: unknown): UntypedObject => ({ apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, spec });
const messages = (schema: ObjectSchema, spec: unknown, old?: unknown) =>
  schema
    .validate(object(spec), old === undefined ? undefined : object(old))
    .map((cause) => `${cause.field}: ${cause.message}`);

describe('the schema of a kind', () => {
  it('drops unknown fields and tells which', () => {
    const schema = schemaOf({
      list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
    });
    const candidate = object({ list: [{ a: 'x', b: 1 }], zz: {} });
    (candidate.metadata as unknown as Record<string, unknown>).foo = 1;
    expect(schema.prepare(candidate).sort()).toEqual(['metadata.foo', 'spec.list[0].b', 'spec.zz']);
    expect(candidate.spec).toEqual({ list: [{ a: 'x' }] });
  });

  it('keeps unknown fields where it is told to', () => {
    const schema = schemaOf({ any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } });
    const candidate = object({ any: { deep: { er: 1 } } });
    expect(schema.prepare(candidate)).toEqual([]);
    expect(candidate.spec).toEqual({ any: { deep: { er: 1 } } });
  });

  it('fills in defaults below what is there, and in the defaults themselves', () => {
    const inner: StructuralSchema = { type: 'object', properties: { y: { type: 'integer', default: 2 } } };
    const schema = schemaOf({ given: inner, made: { ...inner, default: {} }, absent: inner });
    const candidate = object({ given: {} });
    schema.prepare(candidate);
    expect(candidate.spec).toEqual({ given: { y: 2 }, made: { y: 2 } });
  });

  it('takes a null for absent, unless null is a value', () => {
    const schema = schemaOf({
      plain: { type: 'string' },
      filled: { type: 'string', default: 'x' },
      free: { type: 'string', nullable: true, default: 'y' },
    });
    const candidate = object({ plain: null, filled: null, free: null });
    schema.prepare(candidate);
    expect(candidate.spec).toEqual({ filled: 'x', free: null });
  });

  it('says what is wrong as the real server does', () => {
    const schema = schemaOf(
      {
        model: { type: 'string', maxLength: 3, pattern: '^[a-z]+$' },
        kind: { type: 'string', enum: ['a', 'b'] },
        count: { type: 'integer', minimum: 1 },
        tools: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string' } } },
        },
      },
      { required: ['must'] },
    );
    const spec = { model: 'A', kind: 'c', count: 0, tools: [{ name: 'x' }, { name: 'x' }] };
    expect(messages(schema, spec)).toEqual([
      'spec.must: Required value',
      `spec.model: Invalid value: "A": spec.model in body should match '^[a-z]+$'`,
      'spec.kind: Unsupported value: "c": supported values: "a", "b"',
      'spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1',
      'spec.tools[1]: Duplicate value: {"name":"x"}',
    ]);
    expect(messages(schema, { must: 1, count: 'x' })).toEqual([
      'spec.count: Invalid value: "string": spec.count in body must be of type integer: "string"',
    ]);
  });

  it('does not hold an unchanged part against the writer', () => {
    const schema = schemaOf({ model: { type: 'string', maxLength: 3 }, other: { type: 'string' } });
    expect(messages(schema, { model: 'long', other: 'b' }, { model: 'long', other: 'a' })).toEqual([]);
    expect(messages(schema, { model: 'longer' }, { model: 'long' })).toHaveLength(1);
  });

  it('asks rules about changes only when there was something before', () => {
    const rule = { rule: 'self == oldSelf', message: 'fixed' };
    const schema = schemaOf({ model: { type: 'string', 'x-kubernetes-validations': [rule] } });
    expect(messages(schema, { model: 'a' })).toEqual([]);
    expect(messages(schema, { model: 'b' }, { model: 'a' })).toEqual(['spec.model: Invalid value: "b": fixed']);
  });

  it('leaves rules unasked when the types are wrong, and says so', () => {
    const rules = { 'x-kubernetes-validations': [{ rule: 'self.count > 1' }] };
    const schema = schemaOf({ count: { type: 'integer' } }, rules);
    expect(messages(schema, { count: 'x' }).at(-1)).toMatch(/^<nil>: .*some validation rules were not checked/);
    expect(messages(schema, { count: 1 })).toEqual(['spec: Invalid value: failed rule: self.count > 1']);
  });

  it('touches only the status when the status is written', () => {
    const schema = new ObjectSchema(
      {
        type: 'object',
        properties: {
          spec: { type: 'object', properties: { a: { type: 'string', default: 'x' } } },
          status: { type: 'object', properties: { phase: { type: 'string', default: 'new' } } },
        },
      },
      true,
    );
    const candidate: UntypedObject = { ...object({}), status: {} };
    schema.prepare(candidate, 'status');
    expect(candidate).toMatchObject({ spec: {}, status: { phase: 'new' } });
    expect(candidate.spec).toEqual({});
  });
});
