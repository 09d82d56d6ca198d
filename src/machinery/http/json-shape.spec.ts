import { describe, expect, it } from '@jest/globals';
import { shapeProblem } from './json-shape.js';

const nested = (depth: number): unknown => JSON.parse('[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth));

describe('the shape of JSON', () => {
  it.each(['1', 'null', '"x"', '[]', '{"a": [{"constructor": {"prototype": 1}}]}'])('is fine: %s', (text) => {
    expect(shapeProblem(JSON.parse(text))).toBeUndefined();
  });

  it.each(['{"__proto__": 1}', '{"a": [{"\\u005f_proto__": {}}]}'])('reaches for prototypes: %s', (text) => {
    expect(shapeProblem(JSON.parse(text))).toBe('a field cannot be called "__proto__"');
  });

  it('is too deep to be walked through', () => {
    expect(shapeProblem(nested(60))).toBeUndefined();
    expect(shapeProblem(nested(70))).toBe('it is nested more than 128 levels deep');
    expect(shapeProblem(nested(100_000))).toBe('it is nested more than 128 levels deep');
  });
});
