import { describe, expect, it } from '@jest/globals';
import { parameterSheet, toolInput } from './tool-input.js';

const schema = {
  properties: {
    city: { type: 'string', description: 'Where' },
    days: { type: 'integer' },
    exact: { type: 'boolean' },
    unit: { type: 'string', enum: ['C', 'F'] },
    list: { type: 'array' },
  },
  required: ['city'],
};
const given = (entries: Record<string, string>) => Object.entries(entries).map(([name, value]) => ({ name, value }));

describe('arguments of a tool', () => {
  it('are cast by the schema, and stay text where the cast fails', () => {
    const input = toolInput(schema, given({ city: '12', days: '3', exact: 'true', list: '[1]', other: '5' }));
    expect(JSON.parse(input ?? '')).toEqual({ city: '12', days: 3, exact: true, list: [1], other: '5' });
    expect(JSON.parse(toolInput(schema, given({ days: '1.5', exact: 'yes' })) ?? '')).toEqual({
      days: '1.5',
      exact: 'yes',
    });
  });

  it('are an empty object when nothing is given and nothing required', () => {
    expect(toolInput({}, [])).toBe('{}');
  });

  it('are missing when nothing is given but something required; then a sheet says what', () => {
    expect(toolInput(schema, [])).toBeUndefined();
    const sheet = parameterSheet('weather', schema);
    expect(sheet).toContain('city (string, required)  Where');
    expect(sheet).toContain('One of: C, F.');
    expect(sheet).toContain('ark tool weather -p city=…');
  });
});
