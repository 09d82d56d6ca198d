import { describe, expect, it } from '@jest/globals';
import type { StructuralSchema } from '../../../catalogue.js';
import { celEnvironment } from '../cel-environment.js';
import { type CelNode, estimateCost } from './estimate.js';

const cost = (rule: string, schema: StructuralSchema) =>
  estimateCost(celEnvironment().parse(rule).ast as CelNode, schema);
const word: StructuralSchema = { type: 'string', maxLength: 100 };

describe('the cost of a rule', () => {
  it.each<[string, StructuralSchema, number]>([
    ['true', { type: 'boolean' }, 0],
    ['self', { type: 'boolean' }, 1],
    ['self > 1', { type: 'integer' }, 2],
    ["self == 'abc'", word, 2],
    ["self.matches('^a+$')", { type: 'string' }, 314_574],
    ["self.matches('^a+$')", word, 12],
    ["self.contains('abc')", word, 11],
    ['self.all(x, x > 0)', { type: 'array', maxItems: 10, items: { type: 'integer' } }, 52],
    ['self.a.b > 0', { type: 'object', properties: { a: { type: 'object', properties: {} } } }, 4],
    ['has(self.a) ? self.a : 0', { type: 'object', properties: { a: { type: 'integer' } } }, 4],
  ])('%s over %j is %i', (rule, schema, expected) => {
    expect(cost(rule, schema)).toBe(expected);
  });
});
