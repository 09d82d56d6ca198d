import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelConfig, ModelEvent } from 'nest-ark';
import { OpenAIModelProvider } from '../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { MockLlm } from '../harness/mock-llm.js';

// Written by strangers: what our own server and our own client could both get wrong, this one does not share.
describe('a model of openai that mock-llm plays', () => {
  let mock: MockLlm;
  const provider = new OpenAIModelProvider();
  beforeAll(async () => {
    mock = await MockLlm.start();
  });
  afterAll(() => mock?.stop());

  const config = (model = 'gpt-5.2'): ModelConfig => ({
    name: 'm',
    namespace: 'n',
    model,
    settings: { baseUrl: `${mock.url}/v1`, apiKey: 'mock-123456' },
    properties: {},
    headers: {},
  });
  async function answer(said: string) {
    const events: ModelEvent[] = [];
    const request = { messages: [{ role: 'user' as const, content: said }] };
    for await (const event of provider.open(config()).complete(request, new AbortController().signal)) {
      events.push(event);
    }
    return events.map((event) => (event.type === 'text' ? event.text : `<${event.type}>`)).join('');
  }

  it('answers, in the pieces it is sent in', async () => {
    const said = 'a sentence of more than fifty characters, which the server therefore cuts to pieces';
    expect(await answer(said)).toBe(said);
  });

  it('answers many at a time', async () => {
    const said = Array.from({ length: 10 }, (_, i) => `number ${i}`);
    expect(await Promise.all(said.map(answer))).toEqual(said);
  });

  it('is available when it is listed, and when it is not but answers', async () => {
    await provider.probe(config(), new AbortController().signal);
    await provider.probe(config('unlisted'), new AbortController().signal);
  });

  it('refuses in words that reach the caller', async () => {
    const content = JSON.stringify({ error: { message: 'Incorrect API key provided' } });
    await mock.rules([
      {
        path: '/v1/chat/completions',
        match: "contains(body.messages[-1].content, 'secret')",
        response: { status: 401, content },
      },
    ]);
    await expect(answer('the secret')).rejects.toMatchObject({
      message: expect.stringContaining('Incorrect API key provided'),
    });
  });
});
