import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import { nameOf } from '../called-model.js';
import { Connections } from '../http/connections.js';
import { ModelWire } from '../http/model-wire.js';
import { propertiesInto } from '../http/properties.js';
import { probe } from '../probe.js';
import { SdkModel } from '../sdk-model.js';

/** What every gateway for this API understands. */
const DEFAULT_VERSION = '2023-06-01';

/** The block `config.anthropic` of a Model. */
export class AnthropicSettings {
  @IsOptional()
  @IsString()
  baseUrl: string = 'https://api.anthropic.com';

  @IsString()
  @IsNotEmpty()
  apiKey: string;

  @IsOptional()
  @IsString()
  version?: string;
}

interface Opened {
  client: SdkModel;
  wire: ModelWire;
  /** Up to and with `/v1`. */
  baseUrl: string;
}

/** Anthropic's Messages API, at its own address or a gateway's. */
@ProvidesModels({ name: 'anthropic', description: 'Claude through Anthropic’s Messages API' })
export class AnthropicModelProvider implements ModelProvider {
  private readonly connections = new Connections();

  open(config: ModelConfig): ModelClient {
    return this.opened(config).client;
  }

  async probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    const { wire, baseUrl } = this.opened(config);
    const { client } = this.opened(config, 1);
    const named = async (limit: AbortSignal) => {
      await wire.fetch(`${baseUrl}/models/${encodeURIComponent(config.model)}`, { signal: limit });
      return true;
    };
    await probe(named, client, signal);
  }

  onApplicationShutdown(): Promise<void> {
    return this.connections.close();
  }

  private opened(config: ModelConfig, maxTokens?: number): Opened {
    const at = `config.anthropic of model '${config.namespace}/${config.name}'`;
    const settings = readOptions(AnthropicSettings, config.settings, at);
    const { apiKey, version = DEFAULT_VERSION } = settings;
    const subject = nameOf('anthropic', config);
    const properties = propertiesInto(config, subject);
    const wire = new ModelWire({
      config,
      subject,
      connections: this.connections,
      authorize: async () => ({ 'x-api-key': apiKey, 'anthropic-version': version }),
      amend: (body) => ({ ...properties(body), ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }) }),
    });
    const baseUrl = `${readBaseUrl(settings.baseUrl, at).replace(/\/v1$/, '')}/v1`;
    const client = new SdkModel({
      config,
      subject,
      style: { systemFirst: true, imagesInResults: true },
      // Half-written arguments are of no use to the runtime, and gateways refuse the field that asks for them.
      extra: { providerOptions: { anthropic: { toolStreaming: false } } },
      load: async () => {
        const { createAnthropic } = await import('@ai-sdk/anthropic');
        return createAnthropic({ apiKey, baseURL: baseUrl, fetch: wire.fetch })(config.model);
      },
    });
    return { client, wire, baseUrl };
  }
}
