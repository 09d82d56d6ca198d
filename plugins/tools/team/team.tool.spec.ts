import { describe, expect, it } from '@jest/globals';
import { toolConfig, toolTypeSuite } from 'nest-ark/testing';
import { TeamToolType } from './team.tool.js';

const settings = { name: 'writers' };
const ask = async (target: { type: string; name: string }, input: string) => `${target.type} ${target.name}: ${input}`;

toolTypeSuite('team', () => ({
  type: new TeamToolType(),
  call: {
    tool: { settings },
    args: { input: 'A poem' },
    context: { delegation: { ask } },
    answer: 'team writers: A poem',
  },
  failure: { tool: { settings: {} }, args: { input: 'x' }, message: /names no team: write spec\.team\.name/ },
}));

describe('a tool that is a team', () => {
  it('takes a schema of the Tool object that describes the input', () => {
    const inputSchema = { type: 'object', properties: { input: { type: 'string', maxLength: 9 } } };
    expect(new TeamToolType().inputSchema(toolConfig({ inputSchema }))).toBe(inputSchema);
    expect(new TeamToolType().inputSchema(toolConfig())).toMatchObject({ required: ['input'] });
  });
});
