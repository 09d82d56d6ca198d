import { describe, expect, it } from '@jest/globals';
import { toolConfig, toolTypeSuite } from 'nest-ark/testing';
import { AgentToolType } from './agent.tool.js';

const settings = { name: 'writers' };
const ask = async (target: { type: string; name: string }, input: string) => `${target.type} ${target.name}: ${input}`;

toolTypeSuite('agent', () => ({
  type: new AgentToolType(),
  call: {
    tool: { settings },
    args: { input: 'A poem' },
    context: { delegation: { ask } },
    answer: 'agent writers: A poem',
  },
  failure: { tool: { settings: {} }, args: { input: 'x' }, message: /names no agent: write spec\.agent\.name/ },
}));

describe('a tool that is an agent', () => {
  it('takes a schema of the Tool object that describes the input', () => {
    const inputSchema = { type: 'object', properties: { input: { type: 'string', maxLength: 9 } } };
    expect(new AgentToolType().inputSchema(toolConfig({ inputSchema }))).toBe(inputSchema);
    expect(new AgentToolType().inputSchema(toolConfig())).toMatchObject({ required: ['input'] });
  });
});
