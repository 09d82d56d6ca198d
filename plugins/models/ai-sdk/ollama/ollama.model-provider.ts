import { Transform } from 'class-transformer';
import { IsOptional, IsString } from 'class-validator';
import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import { absentWhenEmpty } from '../empty-source.js';
import { Connections } from '../http/connections.js';
import { bearer, CompatibleEndpoint } from '../openai-compatible/compatible-endpoint.js';
import { probe } from '../probe.js';

/** The block `config.ollama` of a Model. */
export class OllamaSettings {
  @IsOptional()
  @IsString()
  baseUrl: string = 'http://localhost:11434/v1';

  /** Ollama itself wants none; a gateway before it may. */
  @IsOptional()
  @Transform(absentWhenEmpty)
  @IsString()
  apiKey?: string;
}

/** Models that Ollama serves, on this machine unless another address is written. */
@ProvidesModels({ name: 'ollama', description: 'Models on this machine or in the cluster, served by Ollama' })
export class OllamaModelProvider implements ModelProvider {
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
    const subject = `config.ollama of model '${config.namespace}/${config.name}'`;
    const { baseUrl, apiKey } = readOptions(OllamaSettings, config.settings, subject);
    return new CompatibleEndpoint(config, this.connections, {
      provider: 'ollama',
      baseUrl: readBaseUrl(baseUrl, subject),
      authorize: bearer(apiKey),
    });
  }
}
