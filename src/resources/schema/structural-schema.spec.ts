import { describe, expect, it } from '@jest/globals';
import { IsEmail, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min, ValidateNested } from 'class-validator';
import { Cel, Default, Field, IntOrString, MapOf, Resource, type ResourceClass } from '../../kit/index.js';
import { customResourceDefinition } from './custom-resource-definition.js';
import { Conditions, FreeObject, GoDuration, ListOf, Nested, TextList } from './fields.js';
import { structuralSchema } from './structural-schema.js';

@Cel('self.low <= self.high', 'low is not above high')
class Range {
  @IsInt() @Min(0) low: number;
  @IsInt() @Max(9) @Default(5) high?: number;
}

class Shape {
  @IsIn(['a', 'b']) kind: 'a' | 'b';
  @IsOptional() @Matches(/^https?:\/\/.+$/) url?: string;
  @IsOptional() @Nested(() => Range) @Cel('self.low > 0', 'low is above zero') range?: Range;
  @IsOptional() @ListOf(() => Range) @Field({ listType: 'atomic' }) ranges?: Range[];
  @IsOptional() @TextList() names?: string[];
  @IsOptional() @MapOf(() => Range) byName?: Record<string, Range>;
  @IsOptional() @IntOrString() port?: number | string;
  @IsOptional() @FreeObject() free?: object;
  @IsOptional() @Field({ anyType: true, preserveUnknown: true }) any?: unknown;
}

const RANGE = {
  type: 'object',
  required: ['low'],
  properties: { low: { type: 'integer', minimum: 0 }, high: { type: 'integer', maximum: 9, default: 5 } },
  'x-kubernetes-validations': [{ rule: 'self.low <= self.high', message: 'low is not above high' }],
};

describe('a class', () => {
  it('becomes a structural schema, nested classes written out in place', () => {
    expect(structuralSchema(Shape)).toEqual({
      type: 'object',
      required: ['kind'],
      properties: {
        kind: { type: 'string', enum: ['a', 'b'] },
        url: { type: 'string', pattern: '^https?://.+$' },
        range: {
          ...RANGE,
          'x-kubernetes-validations': [
            ...RANGE['x-kubernetes-validations'],
            { rule: 'self.low > 0', message: 'low is above zero' },
          ],
        },
        ranges: { type: 'array', items: RANGE, 'x-kubernetes-list-type': 'atomic' },
        names: { type: 'array', items: { type: 'string' } },
        byName: { type: 'object', additionalProperties: RANGE },
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        any: { 'x-kubernetes-preserve-unknown-fields': true },
      },
    });
  });

  it('that contains itself is refused with the path', () => {
    class Node {
      @IsOptional() @ListOf(() => Node) children?: Node[];
    }
    expect(() => structuralSchema(Node)).toThrow('recursive type Node -> Node');
  });

  it('with a field without a type is refused', () => {
    class Untyped {
      @Min(1) size: number;
    }
    expect(() => structuralSchema(Untyped)).toThrow('Untyped.size: no type');
    class UntypedItems {
      @Min(1, { each: true }) sizes: number[];
    }
    expect(() => structuralSchema(UntypedItems)).toThrow('UntypedItems.sizes: list items have no type');
  });

  it('with a decorator that has no counterpart is refused', () => {
    class Mail {
      @IsString() @IsEmail() to: string;
    }
    expect(() => structuralSchema(Mail)).toThrow('Mail.to: no schema keyword for the decorator isEmail');
    class Bare {
      @ValidateNested() range: Range;
    }
    expect(() => structuralSchema(Bare)).toThrow('say @Nested');
  });

  it('takes the fields of the class it extends, and writes over their keywords', () => {
    class Wide extends Range {
      @IsOptional() @GoDuration() every?: string;
    }
    const { properties, required } = structuralSchema(Wide);
    expect(Object.keys(properties!).sort()).toEqual(['every', 'high', 'low']);
    expect(required).toEqual(['low']);
  });
});

describe('a resource class', () => {
  class Status {
    @Conditions(() => Range) conditions?: Range[];
  }
  @Resource({
    group: 'example.com',
    version: 'v1',
    kind: 'Thing',
    plural: 'things',
    shortNames: ['th'],
    printerColumns: [{ name: 'Low', type: 'integer', jsonPath: '.spec.low' }],
  })
  class Thing {
    @Nested(() => Range) spec: Range;
    @IsOptional() @Nested(() => Status) status?: Status;
  }

  it('becomes a definition with names, columns and a status subresource', () => {
    const definition = customResourceDefinition(Thing as unknown as ResourceClass);
    expect(definition).toMatchObject({
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: {
        scope: 'Namespaced',
        names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing', shortNames: ['th'] },
        versions: [
          {
            name: 'v1',
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: 'Low', type: 'integer', jsonPath: '.spec.low' }],
            schema: { openAPIV3Schema: { required: ['spec'], properties: { metadata: { type: 'object' } } } },
          },
        ],
      },
    });
  });

  it('without @Resource, or of a kind that is built in, has none', () => {
    expect(() => customResourceDefinition(Range as unknown as ResourceClass)).toThrow('carries no @Resource');
    @Resource({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', builtIn: true })
    class Pod {}
    expect(() => customResourceDefinition(Pod as unknown as ResourceClass)).toThrow('Pod is built in');
  });
});
