import { describe, expect, it } from '@jest/globals';
import { schemaProblems } from './schema-problems.js';

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://example.com/person',
  type: 'object',
  properties: {
    name: { type: 'string' },
    mood: { enum: ['fine', 'so-so'] },
    mail: { type: 'string', format: 'email' },
  },
  required: ['name'],
  additionalProperties: false,
};

describe('what keeps a value from fitting a JSON Schema', () => {
  it('is nothing when it fits', async () => {
    expect(await schemaProblems(schema, { name: 'Ada', mood: 'fine', mail: 'ada@example.com' })).toEqual([]);
  });

  it('is said place by place, without the values', async () => {
    const problems = await schemaProblems(schema, { mood: 's3cr3t', mail: 's3cr3t', age: 's3cr3t' });
    expect(problems).toEqual([
      "must have required property 'name'",
      "must NOT have additional properties ('age')",
      '\'mood\' must be equal to one of the allowed values: ["fine","so-so"]',
      '\'mail\' must match format "email"',
    ]);
  });

  it('does not confuse two schemas that claim one id', async () => {
    const other = { $id: schema.$id, type: 'string' };
    expect(await schemaProblems(other, 'x')).toEqual([]);
    expect(await schemaProblems({ ...schema }, { name: 'Ada' })).toEqual([]);
  });

  it('is an error of its own for a schema nobody can use', async () => {
    const broken = schemaProblems({ type: 'thing' }, 1);
    await expect(broken).rejects.toMatchObject({ family: 'Invalid', message: expect.stringMatching(/cannot be used/) });
    await expect(schemaProblems({ $ref: 'http://elsewhere/x.json' }, 1)).rejects.toThrow(/cannot be used/);
  });

  const NEVER = '^(a+)+$';
  const nearly = `${'a'.repeat(60)}!`;
  it.each<[string, object, unknown]>([
    ['a pattern', { pattern: NEVER }, nearly],
    ['a pattern deep inside', { properties: { a: { items: { anyOf: [{ pattern: NEVER }] } } } }, { a: [nearly] }],
    ['a pattern of names', { patternProperties: { [NEVER]: {} } }, { [nearly]: 1 }],
  ])('is given up when %s takes for ever, in words that name it', async (_what, slow, value) => {
    await expect(schemaProblems({ ...slow }, value, "spec.inputSchema of tool 'n/t'")).rejects.toMatchObject({
      family: 'Invalid',
      message: `spec.inputSchema of tool 'n/t' was given up: checking one value took longer than 500 ms: write its patterns without nested repetitions ('${NEVER}')`,
    });
    expect(await schemaProblems({ ...slow }, 1)).toEqual([]);
  });

  it('is given up when references double without end, or lead back to themselves', async () => {
    const both = (to: string) => ({ anyOf: [{ $ref: to }, { $ref: to }] });
    const steps = Array.from({ length: 40 }, (_, i) => [`d${i}`, both(`#/$defs/d${i + 1}`)]);
    const doubling = { ...both('#/$defs/d0'), $defs: { ...Object.fromEntries(steps), d40: { type: 'string' } } };
    await expect(schemaProblems(doubling, 1)).rejects.toThrow(/longer than 500 ms$/);
    await expect(schemaProblems({ $ref: '#' }, 1)).rejects.toMatchObject({ family: 'Invalid' });
  });
});
