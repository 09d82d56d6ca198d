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
});
