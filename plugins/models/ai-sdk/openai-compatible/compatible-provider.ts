import { Transform } from 'class-transformer';
import { IsOptional, IsString } from 'class-validator';
import { type ModelClient, type ModelConfig, type ModelProvider, readOptions } from 'nest-ark';
import { readBaseUrl } from '../base-url.js';
import { absentWhenEmpty } from '../empty-source.js';
import { Connections } from '../http/connections.js';
import { probe } from '../probe.js';
import { bearer, CompatibleEndpoint } from './compatible-endpoint.js';

/** The block of a Model for a service with an address and, perhaps, a key. */
export abstract class CompatibleSettings {
  abstract baseUrl: string;

  /** Absent or empty: none is sent, for services that want none. */
  @IsOptional()
  @Transform(absentWhenEmpty)
  @IsString()
  apiKey?: string;
}

/** A provider of models that speak OpenAI's chat completions, and sign in with a bearer key or not at all. */
export abstract class CompatibleProvider implements ModelProvider {
  private readonly connections = new Connections();

  /** @param provider what Models write in `spec.provider`, and the name of their block */
  constructor(
    private readonly provider: string,
    private readonly settings: new () => CompatibleSettings,
  ) {}

  open(config: ModelConfig): ModelClient {
    return this.endpoint(config).client;
  }

  async probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    const endpoint = this.endpoint(config);
    await probe((limit) => endpoint.listed(config.model, limit), endpoint.client, signal);
  }

  onApplicationShutdown(): Promise<void> {
    return this.connections.close();
  }

  private endpoint(config: ModelConfig): CompatibleEndpoint {
    const subject = `config.${this.provider} of model '${config.namespace}/${config.name}'`;
    const { baseUrl, apiKey } = readOptions(this.settings, config.settings, subject);
    return new CompatibleEndpoint(config, this.connections, {
      provider: this.provider,
      baseUrl: readBaseUrl(baseUrl, subject),
      authorize: bearer(apiKey),
    });
  }
}
