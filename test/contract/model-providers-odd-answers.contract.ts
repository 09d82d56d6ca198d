import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelEvent } from 'nest-ark';
import { OpenAIModelProvider } from '../../plugins/models/ai-sdk/openai/openai.model-provider.js';

const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const call = (index: number, id: string | undefined, args: string) =>
  chunk({ tool_calls: [{ index, id, type: 'function', function: { name: 'look', arguments: args } }] });
const end = (reason: string) => `${chunk({}, reason)}data: [DONE]\n\n`;

/** Servers that speak OpenAI's API nearly: what comes over the wire here was written by hand. */
describe('a model whose server answers oddly', () => {
  const provider = new OpenAIModelProvider();
  let server: Server;
  let answer = '';
  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterEach(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });

  async function ask(bytes: string): Promise<ModelEvent[]> {
    answer = bytes;
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { baseUrl, apiKey: 'key-123456' };
    const config = { name: 'm', namespace: 'n', model: 'odd', settings, properties: {}, headers: {} };
    const events: ModelEvent[] = [];
    const request = { messages: [{ role: 'user' as const, content: 'x' }] };
    for await (const event of provider.open(config).complete(request, new AbortController().signal)) events.push(event);
    return events;
  }
  const calls = (events: ModelEvent[]) => events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));

  it('gives two calls one id, and both can be answered', async () => {
    const found = calls(await ask(call(0, 'same', '{"a":1}') + call(1, 'same', '{"a":2}') + end('tool_calls')));
    expect(found.map(({ arguments: args }) => args)).toEqual(['{"a":1}', '{"a":2}']);
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  });

  it('gives a call arguments that are no JSON, which whoever runs the tool may judge', async () => {
    const found = calls(await ask(call(0, 'c', '{"a": oops') + end('tool_calls')));
    expect(found).toEqual([{ id: 'c', name: 'look', arguments: '{"a": oops' }]);
  });

  it('gives a call no arguments at all', async () => {
    expect(calls(await ask(call(0, 'c', '') + end('tool_calls')))).toEqual([
      { id: 'c', name: 'look', arguments: '{}' },
    ]);
  });

  it('says nothing, which is an empty answer', async () => {
    expect(await ask(end('stop'))).toEqual([]);
  });

  it.each([
    ['breaks off before its end', chunk({ content: 'half' })],
    ['sends a line that is no JSON', `${chunk({ content: 'half' })}data: {"choices": [oops\n\n`],
    ['reports an error in its stream', `data: {"error":{"message":"overloaded","type":"server_error"}}\n\n`],
    ['sends nothing', ''],
  ])('is an error that names the model when it %s', async (_, bytes) => {
    await expect(ask(bytes)).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringMatching(/^model 'n\/m' \(openai, odd\)/),
    });
  });
});
