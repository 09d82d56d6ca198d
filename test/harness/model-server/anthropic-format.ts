import type { WireFormat } from './wire-format.js';

const event = (type: string, value: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
const start = (content_block: object) => event('content_block_start', { index: 0, content_block });
const delta = (value: object) => event('content_block_delta', { index: 0, delta: value });

interface Block {
  type: string;
  text?: string;
}

/** Anthropic's Messages API. */
export const anthropicFormat: WireFormat = {
  contentType: 'text/event-stream',
  asked: ({ body }) => ({
    model: String(body.model),
    said:
      (body.messages as { content: Block[] }[])
        .at(-1)
        ?.content.map(({ text }) => text)
        .join('') ?? '',
    tools: Array.isArray(body.tools),
  }),
  begin: ({ input, cached }) => {
    const usage = { input_tokens: input - cached, cache_read_input_tokens: cached, output_tokens: 1 };
    const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [], model: 'claude', usage };
    return event('message_start', { message }) + event('ping', {}) + start({ type: 'text', text: '' });
  },
  text: (text) => delta({ type: 'text_delta', text }),
  toolCall: (name, args) =>
    event('content_block_stop', { index: 0 }) +
    event('content_block_start', { index: 1, content_block: { type: 'tool_use', id: 'toolu_1', name, input: {} } }) +
    [args.slice(0, 4), args.slice(4)]
      .map((partial_json) =>
        event('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json } }),
      )
      .join('') +
    event('content_block_stop', { index: 1 }),
  end: (reason, { output }) =>
    (reason === 'text' ? event('content_block_stop', { index: 0 }) : '') +
    event('message_delta', {
      delta: { stop_reason: reason === 'tool' ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: output },
    }) +
    event('message_stop', {}),
  refusal: (message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
  list: (path, models) => {
    const id = /^\/v1\/models\/(.+)$/.exec(path)?.[1];
    return id && models.includes(id) ? { type: 'model', id } : undefined;
  },
};
