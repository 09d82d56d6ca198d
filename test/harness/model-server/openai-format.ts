import type { WireFormat } from './wire-format.js';

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null) =>
  data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });
const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

/** OpenAI's chat completions, and Azure's, where the deployment stands in the path. */
export const openAIFormat: WireFormat = {
  contentType: 'text/event-stream',
  asked: ({ body, path }) => ({
    model: /\/deployments\/([^/]+)\//.exec(path)?.[1] ?? String(body.model),
    said: String((body.messages as { content: unknown }[]).at(-1)?.content ?? ''),
    tools: Array.isArray(body.tools),
  }),
  begin: () => `: keep-alive\n\n${chunk({ role: 'assistant', content: '' })}`,
  text: (content) => chunk({ content }),
  toolCall: (name, args) => {
    const [first, second] = halves(args);
    const call = { index: 0, id: 'call_1', type: 'function', function: { name, arguments: first } };
    return chunk({ tool_calls: [call] }) + chunk({ tool_calls: [{ index: 0, function: { arguments: second } }] });
  },
  end: (reason, { input, output, cached }) => {
    const usage = {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      prompt_tokens_details: { cached_tokens: cached },
    };
    const last = chunk({}, reason === 'tool' ? 'tool_calls' : 'stop');
    return `${last}${data({ id: 'chatcmpl-1', choices: [], usage })}data: [DONE]\n\n`;
  },
  refusal: (message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
  list: (path, models) =>
    /\/models$/.test(path) ? { object: 'list', data: models.map((id) => ({ id, object: 'model' })) } : undefined,
};
