import { afterAll, beforeAll } from '@jest/globals';
import type { ModelConfig, ModelProvider } from 'nest-ark';
import { type ModelProviderTrial, modelProviderSuite } from 'nest-ark/testing';
import { AnthropicModelProvider } from '../../plugins/models/ai-sdk/anthropic/anthropic.model-provider.js';
import { AzureModelProvider } from '../../plugins/models/ai-sdk/azure/azure.model-provider.js';
import { BedrockModelProvider } from '../../plugins/models/ai-sdk/bedrock/bedrock.model-provider.js';
import { OllamaModelProvider } from '../../plugins/models/ai-sdk/ollama/ollama.model-provider.js';
import { OpenAIModelProvider } from '../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { ScriptedModelProvider } from '../../plugins/models/scripted/scripted.model-provider.js';
import { anthropicFormat } from '../harness/model-server/anthropic-format.js';
import { bedrockFormat } from '../harness/model-server/bedrock-format.js';
import { COUNTS, ModelServer, TOOL_CALL } from '../harness/model-server/model-server.js';
import { openAIFormat } from '../harness/model-server/openai-format.js';
import type { WireFormat } from '../harness/model-server/wire-format.js';

const KEY = 'key-0123456789-abcdef';
const HEADER = 'header-secret-9876';

interface Vendor {
  provider: () => ModelProvider;
  format: WireFormat;
  settings(url: string): Record<string, unknown>;
}

const VENDORS: Record<string, Vendor> = {
  openai: {
    provider: () => new OpenAIModelProvider(),
    format: openAIFormat,
    settings: (url) => ({ baseUrl: `${url}/v1/`, apiKey: KEY }),
  },
  ollama: {
    provider: () => new OllamaModelProvider(),
    format: openAIFormat,
    settings: (url) => ({ baseUrl: `${url}/v1` }),
  },
  azure: {
    provider: () => new AzureModelProvider(),
    format: openAIFormat,
    settings: (url) => ({ baseUrl: url, auth: { apiKey: KEY } }),
  },
  anthropic: {
    provider: () => new AnthropicModelProvider(),
    format: anthropicFormat,
    settings: (url) => ({ baseUrl: url, apiKey: KEY }),
  },
  bedrock: {
    provider: () => new BedrockModelProvider(),
    format: bedrockFormat,
    settings: (url) => ({ baseUrl: url, region: 'eu-west-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: KEY }),
  },
};

for (const [name, { provider, format, settings }] of Object.entries(VENDORS)) {
  let server: ModelServer;
  beforeAll(async () => {
    server = await ModelServer.listen(format);
  });
  afterAll(() => server.close());

  modelProviderSuite(name, (): ModelProviderTrial => {
    // As many answers of 503 as there are tries cost a second or two of back-off; a wished wait of nothing does not.
    server.refusalHeaders = { 'retry-after': '0' };
    const headers = { 'x-gateway-token': HEADER };
    const model = (id: string, idleTimeoutMs?: number): ModelConfig => ({
      name: `a-${id}`,
      namespace: 'team',
      model: id,
      settings: settings(server.url),
      properties: {},
      headers,
      idleTimeoutMs,
    });
    return {
      provider: provider(),
      config: model('echo'),
      answer: (text) => text.toUpperCase(),
      usage: { promptTokens: COUNTS.input, completionTokens: 4, totalTokens: 24, cachedTokens: COUNTS.cached },
      tool: {
        offered: { name: TOOL_CALL.name, description: 'Looks a word up', inputSchema: { type: 'object' } },
        call: TOOL_CALL,
      },
      silent: model('silent', 100),
      failures: [
        { config: model('locked'), family: 'Denied' },
        { config: model('status-404'), family: 'NotFound' },
        { config: model('status-400'), family: 'Invalid' },
        { config: model('status-503'), family: 'Unavailable' },
        { config: model('moved'), family: 'Invalid' },
        { config: model('mute', 100), family: 'Unavailable' },
      ],
      badSettings: { ...settings(server.url), baseUrl: 'not an address' },
      secrets: [KEY, HEADER],
    };
  });
}

modelProviderSuite('scripted', () => ({
  provider: new ScriptedModelProvider(),
  config: {
    name: 'default',
    namespace: 'team',
    model: 'script',
    settings: { script: [{ match: '/number [0-3]$/', answer: 'A low number.' }], default: 'Well, thank you.' },
    properties: {},
    headers: {},
  },
  answer: (text) => (/number [0-3]$/.test(text) ? 'A low number.' : 'Well, thank you.'),
  usage: { promptTokens: 6, completionTokens: 3, totalTokens: 9 },
  badSettings: { script: 'none' },
}));
