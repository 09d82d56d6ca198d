import { describe, expect, it } from '@jest/globals';
import { fromChatMessage, toChatMessage } from './chat-message.js';

describe('chat messages', () => {
  it('come back as they went', () => {
    const call = { id: 'c1', name: 'search', arguments: '{"q":1}' };
    const message = { role: 'assistant' as const, content: 'Let me look.', name: 'ada', toolCalls: [call] };
    expect(fromChatMessage(toChatMessage(message))).toEqual(message);
    const failed = { role: 'tool' as const, content: 'no disk', toolCallId: 'c1', isError: true };
    expect(toChatMessage(failed)).toEqual({ role: 'tool', content: 'no disk', tool_call_id: 'c1', is_error: true });
    expect(fromChatMessage(toChatMessage(failed))).toEqual(failed);
  });

  it.each([['none'], [[null]], [[{ id: 1 }]], [[{ id: 'c', function: { name: 'x' } }]], [{}]])(
    'of engines elsewhere may hold malformed tool calls, %j, which are dropped',
    (tool_calls) => {
      expect(fromChatMessage({ role: 'assistant', content: 'hm', tool_calls })).toEqual({
        role: 'assistant',
        content: 'hm',
      });
    },
  );
});
