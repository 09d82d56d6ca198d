import { Transform } from 'class-transformer';
import { IsOptional, IsString } from 'class-validator';
import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import { absentWhenEmpty } from '../empty-source.js';
import { Connections } from '../http/connections.js';
import { bearer, CompatibleEndpoint } from '../openai-compatible/compatible-endpoint.js';
import { probe } from '../probe.js';

/** The block `config.openai` of a Model. */
export class OpenAISettings {
  @IsOptional()
  @IsString()
  baseUrl: string = 'https://api.openai.com/v1';

  /** Absent or empty: none is sent, for services that want none. */
  @IsOptional()
  @Transform(absentWhenEmpty)
  @IsString()
  apiKey?: string;
}

/** OpenAI, and every service that speaks its chat completions at another address. */
@ProvidesModels({ name: 'openai', description: 'OpenAI, and every service that speaks its chat completions' })
export class OpenAIModelProvider implements ModelProvider {
  private readonly connections = new Connections();

  open(config: ModelConfig): ModelClient {
    return this.endpoint(config).client;
  }

  async probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    const endpoint = this.endpoint(config);
    await probe((limit) => endpoint.listed(config.model, limit), endpoint.client, signal);
  }

  onModuleDestroy(): Promise<void> {
    return this.connections.close();
  }

  private endpoint(config: ModelConfig): CompatibleEndpoint {
    const subject = `config.openai of model '${config.namespace}/${config.name}'`;
    const { baseUrl, apiKey } = readOptions(OpenAISettings, config.settings, subject);
    return new CompatibleEndpoint(config, this.connections, {
      provider: 'openai',
      baseUrl: readBaseUrl(baseUrl, subject),
      authorize: bearer(apiKey),
    });
  }
}
