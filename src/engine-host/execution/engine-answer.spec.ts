import { describe, expect, it } from '@jest/globals';
import { message, text, toolCall, toolResult, usage } from '../../kit/index.js';
import { EngineAnswer } from './engine-answer.js';

const gather = (...events: Parameters<EngineAnswer['add']>[0][]) => {
  const answer = new EngineAnswer('thread');
  for (const event of events) answer.add(event);
  return answer;
};

describe('the answer of an engine', () => {
  it('is all its pieces, and the transcript ends with it', () => {
    const answer = gather(text('Hel'), text('lo'));
    expect(answer.text).toBe('Hello');
    expect(answer.facts()).toEqual({
      conversationId: 'thread',
      messages: [{ role: 'assistant', content: 'Hello' }],
    });
  });

  it('keeps the messages of the run in order and does not repeat the last', () => {
    const call = { id: 'c1', name: 'look', arguments: '{}' };
    const answer = gather(
      message({ role: 'assistant', content: '', toolCalls: [call] }),
      message({ role: 'tool', content: '42', toolCallId: 'c1' }),
      text('It is 42'),
      message({ role: 'assistant', content: 'It is 42', name: 'oracle' }),
    );
    expect(answer.facts().messages).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', content: '42', tool_call_id: 'c1' },
      { role: 'assistant', content: 'It is 42', name: 'oracle' },
    ]);
  });

  it('is what was said after the last tool, and calls and results are in the transcript', () => {
    const [one, two] = ['c1', 'c2'].map((id) => ({ id, name: 'look', arguments: '{}' }));
    const answer = gather(
      ...[text('Let me look.'), toolCall(one!), toolCall(two!)],
      ...[toolResult(one!, { text: '1' }), toolResult(two!, { text: '2', isError: true }), text('It is 1.')],
    );
    expect(answer.text).toBe('It is 1.');
    expect(answer.facts().messages).toMatchObject([
      { role: 'assistant', content: 'Let me look.', tool_calls: [{ id: 'c1' }, { id: 'c2' }] },
      { role: 'tool', content: '1', tool_call_id: 'c1' },
      { role: 'tool', content: '2', tool_call_id: 'c2', is_error: true },
      { role: 'assistant', content: 'It is 1.' },
    ]);
  });

  it('is the last thing said when nothing follows the tools', () => {
    const call = { id: 'c1', name: 'noop', arguments: '{}' };
    expect(gather(text('Bye.'), toolCall(call), toolResult(call, { text: '' })).text).toBe('Bye.');
  });

  it('sums the tokens, and takes the conversation the engine chose', () => {
    const tokens = { promptTokens: 1, completionTokens: 1, totalTokens: 2 };
    const answer = gather(usage(tokens), usage(tokens), { type: 'conversation', conversationId: 'own' });
    expect(answer.facts()).toMatchObject({ conversationId: 'own', tokenUsage: { total_tokens: 4 } });
  });
});
