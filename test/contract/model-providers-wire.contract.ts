import { afterEach, describe, expect, it } from '@jest/globals';
import type { CompletionRequest, ModelConfig, ModelEvent, ModelProvider } from 'nest-ark';
import { AnthropicModelProvider } from '../../plugins/models/ai-sdk/anthropic/anthropic.model-provider.js';
import { AzureModelProvider } from '../../plugins/models/ai-sdk/azure/azure.model-provider.js';
import { BedrockModelProvider } from '../../plugins/models/ai-sdk/bedrock/bedrock.model-provider.js';
import { OpenAIModelProvider } from '../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { anthropicFormat } from '../harness/model-server/anthropic-format.js';
import { bedrockFormat } from '../harness/model-server/bedrock-format.js';
import { ModelServer } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';
import type { WireFormat } from '../harness/model-server/wire-format.js';

const SCHEMA = { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] };
const TOOL = { name: 'look_up', description: 'Looks a word up', inputSchema: SCHEMA };
const IMAGE = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };

/** Two system messages, a picture, and a turn that used a tool. */
const CONVERSATION: CompletionRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is this?', images: [IMAGE] },
    { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'look_up', arguments: '{"word":"ark"}' }] },
    { role: 'tool', content: 'A ship', toolCallId: 'c1', images: [IMAGE] },
    { role: 'system', content: 'Answer in English.' },
    { role: 'user', content: 'And now?' },
  ],
  tools: [TOOL],
  toolChoice: 'required',
};

describe('the request that a vendor gets', () => {
  let server: ModelServer;
  afterEach(() => server.close());

  async function send(
    provider: ModelProvider,
    format: WireFormat,
    settings: (url: string) => Record<string, unknown>,
    request: CompletionRequest = CONVERSATION,
    rest: Partial<ModelConfig> = {},
  ) {
    server = await ModelServer.listen(format);
    const config = { name: 'm', namespace: 'n', model: 'echo', properties: {}, headers: {}, ...rest };
    const client = provider.open({ ...config, settings: settings(server.url) });
    const events: ModelEvent[] = [];
    for await (const event of client.complete(request, new AbortController().signal)) events.push(event);
    return server.requests[0]!;
  }
  const hello: CompletionRequest = { messages: [{ role: 'user', content: 'Hello' }] };
  const openai = (url: string) => ({ baseUrl: url, apiKey: 'k-123456' });

  it('from openai holds the whole conversation and nothing that nobody wrote', async () => {
    const { path, headers, body } = await send(new OpenAIModelProvider(), openAIFormat, openai);
    expect(path).toBe('/chat/completions');
    expect(headers.authorization).toBe('Bearer k-123456');
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${IMAGE.data}` } };
    expect(body).toEqual({
      model: 'echo',
      stream: true,
      stream_options: { include_usage: true },
      tool_choice: 'required',
      tools: [{ type: 'function', function: { name: TOOL.name, description: TOOL.description, parameters: SCHEMA } }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'What is this?' }, picture] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{"word":"ark"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'A ship' },
        { role: 'user', content: [{ type: 'text', text: 'The image of the tool result above:' }, picture] },
        { role: 'system', content: 'Answer in English.' },
        { role: 'user', content: 'And now?' },
      ],
    });
  });

  it('carries properties under their own names, with their own types', async () => {
    const properties = { temperature: 0.2, max_tokens: 7, logit_bias: { 50256: -100 }, store: false, unheard_of: 'x' };
    const { body } = await send(new OpenAIModelProvider(), openAIFormat, openai, hello, { properties });
    expect(body).toMatchObject(properties);
    const claude = (url: string) => ({ baseUrl: url, apiKey: 'k-123456' });
    await server.close();
    const sent = await send(new AnthropicModelProvider(), anthropicFormat, claude, hello, { properties });
    expect(sent.body).toMatchObject(properties);
  });

  it('asks openai for structured output strictly, under the name it was given', async () => {
    const request = { ...hello, outputSchema: { name: 'namespace-n-agent-a', schema: SCHEMA } };
    const { body } = await send(new OpenAIModelProvider(), openAIFormat, openai, request);
    expect(body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'namespace-n-agent-a', strict: true, schema: SCHEMA },
    });
  });

  it('lets headers of the Model win, and sends no key where there is none', async () => {
    const headers = { Authorization: 'Basic abc', 'X-Team': 'blue' };
    const own = await send(new OpenAIModelProvider(), openAIFormat, openai, hello, { headers });
    expect(own.headers).toMatchObject({ authorization: 'Basic abc', 'x-team': 'blue' });
    await server.close();
    const bare = await send(new OpenAIModelProvider(), openAIFormat, (url) => ({ baseUrl: url, apiKey: {} }), hello);
    expect(bare.headers.authorization).toBeUndefined();
  });

  it('goes to the deployment on azure, with the key in both its places', async () => {
    const settings = (url: string) => ({ baseUrl: `${url}/openai/`, apiKey: 'old', auth: { apiKey: 'k-123456' } });
    const { path, headers } = await send(new AzureModelProvider(), openAIFormat, settings, hello);
    expect(path).toBe('/openai/deployments/echo/chat/completions?api-version=2024-10-21');
    expect(headers).toMatchObject({ 'api-key': 'k-123456', authorization: 'Bearer k-123456' });
  });

  it('to anthropic keeps tool calls and results as blocks, and every system message', async () => {
    const settings = (url: string) => ({ baseUrl: url, apiKey: 'k-123456', version: '2024-01-01' });
    const { path, headers, body } = await send(new AnthropicModelProvider(), anthropicFormat, settings);
    expect(path).toBe('/v1/messages');
    expect(headers).toMatchObject({ 'x-api-key': 'k-123456', 'anthropic-version': '2024-01-01' });
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: IMAGE.data } };
    const blocks = (body.messages as { role: string; content: object[] }[]).map(({ role, content }) => [role, content]);
    expect(body.system).toMatchObject([{ text: 'Be brief.' }, { text: 'Answer in English.' }]);
    expect(blocks).toEqual([
      ['user', [{ type: 'text', text: 'What is this?' }, picture]],
      ['assistant', [{ type: 'tool_use', id: 'c1', name: 'look_up', input: { word: 'ark' } }]],
      [
        'user',
        [
          { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'A ship' }, picture] },
          { type: 'text', text: 'And now?' },
        ],
      ],
    ]);
    expect(body).toMatchObject({
      stream: true,
      tool_choice: { type: 'any' },
      tools: [{ name: 'look_up', description: TOOL.description, input_schema: SCHEMA }],
    });
    expect(body).not.toHaveProperty('temperature');
  });

  it('to bedrock is signed with the keys of the Model, its parameters in their places', async () => {
    const settings = (url: string) => ({
      baseUrl: url,
      region: 'eu-west-1',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret-123456',
      sessionToken: 'session-123456',
      maxTokens: 50,
      temperature: '0.5',
    });
    const properties = { top_p: 0.9, top_k: 5 };
    const { path, headers, body } = await send(new BedrockModelProvider(), bedrockFormat, settings, CONVERSATION, {
      properties,
    });
    expect(path).toBe('/model/echo/converse-stream');
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=.*host/,
    );
    expect(headers['x-amz-security-token']).toBe('session-123456');
    expect(body).toMatchObject({
      system: [{ text: 'Be brief.' }, { text: 'Answer in English.' }],
      inferenceConfig: { maxTokens: 50, temperature: 0.5, topP: 0.9 },
      additionalModelRequestFields: { top_k: 5 },
      toolConfig: {
        toolChoice: { any: {} },
        tools: [{ toolSpec: { name: 'look_up', inputSchema: { json: SCHEMA } } }],
      },
      messages: [
        { role: 'user', content: [{ text: 'What is this?' }, { image: { format: 'png' } }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'c1', name: 'look_up', input: { word: 'ark' } } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'c1' } }, { text: 'And now?' }] },
      ],
    });
  });

  it('to bedrock carries the bearer key, which wins over the others, and goes to the ARN', async () => {
    const settings = (url: string) => ({
      baseUrl: url,
      region: 'eu-west-1',
      apiKey: 'bearer-123456',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret',
      modelArn: 'arn:aws:bedrock:x:1:inference-profile/echo',
    });
    const { path, headers } = await send(new BedrockModelProvider(), bedrockFormat, settings, hello);
    expect(headers.authorization).toBe('Bearer bearer-123456');
    expect(decodeURIComponent(path)).toBe('/model/arn:aws:bedrock:x:1:inference-profile/echo/converse-stream');
  });

  it.each<[string, ModelProvider, WireFormat, Record<string, unknown>]>([
    ['anthropic', new AnthropicModelProvider(), anthropicFormat, { apiKey: 'k-123456' }],
    ['bedrock', new BedrockModelProvider(), bedrockFormat, { apiKey: 'k-123456', region: 'x' }],
  ])('asks %s for structured output in the way of its SDK', async (_name, provider, format, settings) => {
    const request = { ...hello, outputSchema: { name: 'answer', schema: { ...SCHEMA, additionalProperties: false } } };
    const { body } = await send(provider, format, (baseUrl) => ({ baseUrl, ...settings }), request);
    expect(JSON.stringify(body)).toContain('"word":{"type":"string"}');
  });
});
