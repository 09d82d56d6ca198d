import { describe, expect, it } from '@jest/globals';
import { toolConfig, toolTypeSuite } from 'nest-ark/testing';
import { BuiltinToolType } from './builtin.tool.js';

toolTypeSuite('builtin', () => ({
  type: new BuiltinToolType(),
  call: { tool: { settings: { name: 'noop' } }, args: { message: 'hi' }, answer: '{"message":"hi"}' },
  failure: { tool: { name: 'reboot' }, message: /'reboot' is no builtin tool; there are noop and terminate/ },
}));

describe('the builtin terminate', () => {
  it('ends the work, and its response is the answer', async () => {
    const tool = toolConfig({ name: 'terminate' });
    const result = await new BuiltinToolType().call(tool, { response: 'Done.' });
    expect(result).toEqual({ text: 'Done.', terminate: true });
  });

  it('asks for its response, whatever the Tool object says', () => {
    const tool = toolConfig({ name: 'bye', settings: { name: 'terminate' }, inputSchema: {} });
    expect(new BuiltinToolType().inputSchema(tool)).toMatchObject({ required: ['response'] });
  });
});
