import { describe, expect, it } from '@jest/globals';
import { promptOf } from './prompt.js';

const OPENAI = { systemFirst: false, imagesInResults: false };
const ANTHROPIC = { systemFirst: true, imagesInResults: true };
const image = { mimeType: 'image/png', data: 'AAAA' };
const call = (id: string, args = '{}') => ({ id, name: 'draw', arguments: args });

describe('a conversation', () => {
  it('keeps the results of one turn together, and shows their images after them', () => {
    const prompt = promptOf(
      [
        { role: 'assistant', content: '', toolCalls: [call('a'), call('b')] },
        { role: 'tool', content: 'first', toolCallId: 'a', images: [image] },
        { role: 'tool', content: 'second', toolCallId: 'b', images: [image] },
        { role: 'assistant', content: 'Look.' },
      ],
      OPENAI,
    );
    expect(prompt.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user', 'assistant']);
    expect(prompt[3]?.content).toHaveLength(3);
  });

  it('says which results are failures, to vendors that ask', () => {
    const [part] = promptOf([{ role: 'tool', content: 'no disk', toolCallId: 'a', isError: true }], ANTHROPIC);
    expect(part?.content).toMatchObject([{ output: { type: 'error-text', value: 'no disk' } }]);
  });

  it('holds images in the results themselves where the wire allows it', () => {
    const result = { role: 'tool' as const, content: 'first', toolCallId: 'a', images: [image] };
    const [message] = promptOf([result], ANTHROPIC);
    expect(message?.content).toMatchObject([
      { output: { type: 'content', value: [{ text: 'first' }, { type: 'file' }] } },
    ]);
  });

  it('keeps every system message, at the front where the wire wants them there', () => {
    const messages = [
      { role: 'system' as const, content: 'one' },
      { role: 'user' as const, content: 'Hi' },
      { role: 'system' as const, content: 'two' },
    ];
    expect(promptOf(messages, ANTHROPIC).map(({ role }) => role)).toEqual(['system', 'system', 'user']);
    expect(promptOf(messages, OPENAI).map(({ role }) => role)).toEqual(['system', 'user', 'system']);
  });

  it('keeps a message that only calls tools, and what a model wrote as arguments although it is no object', () => {
    const prompt = promptOf(
      [{ role: 'assistant', content: '', toolCalls: [call('a', ''), call('b', '{"x":'), call('c', '[1]')] }],
      OPENAI,
    );
    expect(prompt[0]?.content).toMatchObject([
      { input: {} },
      { input: { unreadableArguments: '{"x":' } },
      { input: { unreadableArguments: '[1]' } },
    ]);
  });

  it('leaves out what neither says nor calls anything', () => {
    expect(promptOf([{ role: 'assistant', content: '' }], OPENAI)).toEqual([]);
  });
});
