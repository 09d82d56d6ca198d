import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelConfig, ModelEvent } from 'nest-ark';
import { AnthropicModelProvider } from '../../plugins/models/ai-sdk/anthropic/anthropic.model-provider.js';
import { OpenAIModelProvider } from '../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { anthropicFormat } from '../harness/model-server/anthropic-format.js';
import { ModelServer } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';

describe('a model of openai', () => {
  let server: ModelServer;
  const provider = new OpenAIModelProvider();
  beforeEach(async () => {
    server = await ModelServer.listen(openAIFormat);
    server.refusalHeaders = { 'retry-after': '0' };
  });
  afterEach(() => server.close());

  const config = (model: string, baseUrl = server.url): ModelConfig => ({
    name: 'm',
    namespace: 'n',
    model,
    settings: { baseUrl, apiKey: 'key-123456' },
    properties: {},
    headers: {},
  });
  async function ask(model: ModelConfig, signal = new AbortController().signal) {
    const events: ModelEvent[] = [];
    const request = { messages: [{ role: 'user' as const, content: 'one two' }] };
    for await (const event of provider.open(model).complete(request, signal)) events.push(event);
    return events;
  }

  it('that is busy is asked again, three times in all', async () => {
    expect(await ask(config('busy-3'))).toContainEqual({ type: 'text', text: 'ONE ' });
    expect(server.requests).toHaveLength(3);
    server.requests.length = 0;
    await expect(ask(config('busy-9'))).rejects.toMatchObject({
      family: 'Unavailable',
      message: "model 'n/m' (openai, busy-9) answered 429: slow down",
      details: { status: 429 },
    });
    expect(server.requests).toHaveLength(3);
  });

  it('is asked once when it refuses, or asks for more patience than anybody has', async () => {
    await expect(ask(config('status-400'))).rejects.toMatchObject({ family: 'Invalid' });
    expect(server.requests).toHaveLength(1);
    server.refusalHeaders = { 'retry-after': '3600' };
    await expect(ask(config('busy-9'))).rejects.toMatchObject({ family: 'Unavailable', retryAfterMs: 3_600_000 });
    expect(server.requests).toHaveLength(2);
  });

  it('is not asked again after its first words', async () => {
    await expect(ask(config('cut'))).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringContaining("model 'n/m' (openai, cut) broke off"),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is not waited for any longer by somebody who gave up between two tries', async () => {
    server.refusalHeaders = { 'retry-after': '20' };
    const abort = new AbortController();
    const asked = ask(config('busy-9'), abort.signal);
    const gone = expect(asked).rejects.toThrow(/gave up/);
    await expect(ask(config('status-400'))).rejects.toThrow();
    abort.abort(new Error('gave up'));
    await gone;
  });

  it('is hung up on by whoever has heard enough, so that nobody pays for the rest', async () => {
    const request = { messages: [{ role: 'user' as const, content: 'one two' }] };
    for await (const event of provider.open(config('silent')).complete(request, new AbortController().signal)) {
      expect(event).toEqual({ type: 'text', text: 'ONE ' });
      break;
    }
    await eventually(async () => expect(server.hungUp).toBe(1));
  });

  it('that nobody serves is named with its address and the reason', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(ask(config('gpt', url))).rejects.toMatchObject({
      family: 'Unavailable',
      message: expect.stringMatching(/^model 'n\/m' \(openai, gpt\) cannot be reached at http:.*ECONNREFUSED/),
    });
  });

  it('is never looked for at a link-local address', async () => {
    await expect(ask(config('gpt', 'http://169.254.169.254/v1'))).rejects.toMatchObject({ family: 'Denied' });
  });

  it.each(['model', 'messages', 'stream'])('is not opened when a property would replace %s', (name) => {
    expect(() => provider.open({ ...config('gpt'), properties: { [name]: 'x' } })).toThrow(
      `model 'n/m' (openai, gpt): properties must not hold ${name}`,
    );
  });

  it('is probed for nothing when it is listed, and by a chat when it is not', async () => {
    const signal = new AbortController().signal;
    server.listed = ['echo', 'tagged:latest'];
    await provider.probe(config('echo'), signal);
    await provider.probe(config('tagged'), signal);
    expect(server.completions()).toEqual([]);
    server.listed = ['another'];
    await provider.probe(config('echo'), signal);
    expect(server.completions()).toHaveLength(1);
    server.listed = [];
    await provider.probe(config('echo'), signal);
    expect(server.completions()).toHaveLength(2);
    await expect(provider.probe(config('locked'), signal)).rejects.toMatchObject({ family: 'Denied' });
  });
});

describe('a model of anthropic', () => {
  it('is probed by its name, and by one token where names are not told', async () => {
    const server = await ModelServer.listen(anthropicFormat);
    const signal = new AbortController().signal;
    const settings = { baseUrl: `${server.url}/v1`, apiKey: 'key-123456' };
    const config = { name: 'm', namespace: 'n', model: 'echo', settings, properties: { max_tokens: 9 }, headers: {} };
    server.listed = ['echo'];
    await new AnthropicModelProvider().probe(config, signal);
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/models/echo']);
    server.listed = [];
    await new AnthropicModelProvider().probe(config, signal);
    expect(server.completions()[0]?.body).toMatchObject({ max_tokens: 1 });
    await server.close();
  });
});
