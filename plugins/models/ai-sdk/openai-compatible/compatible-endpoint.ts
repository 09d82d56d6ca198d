import type { ModelConfig } from 'nest-ark';
import { nameOf } from '../called-model.js';
import type { Connections } from '../http/connections.js';
import { ModelWire } from '../http/model-wire.js';
import { propertiesInto } from '../http/properties.js';
import { SdkModel } from '../sdk-model.js';
import { listedAt } from './listed-models.js';

/** Where a service that speaks OpenAI's chat completions listens, and how one signs in. */
export interface EndpointOptions {
  /** What Models write in `spec.provider`. */
  provider: string;
  /** Up to and without `/chat/completions`. */
  baseUrl: string;
  query?: Record<string, string>;
  authorize?(): Promise<Record<string, string>>;
}

/** One model of a service that speaks OpenAI's chat completions. */
export class CompatibleEndpoint {
  readonly client: SdkModel;
  readonly wire: ModelWire;

  constructor(
    config: ModelConfig,
    connections: Connections,
    private readonly options: EndpointOptions,
  ) {
    const { provider, authorize } = options;
    const subject = nameOf(provider, config);
    this.wire = new ModelWire({ config, subject, connections, authorize, amend: propertiesInto(config, subject) });
    this.client = new SdkModel({
      config,
      subject,
      style: { systemFirst: false, imagesInResults: false },
      load: () => this.load(config.model),
    });
  }

  /** Whether the service's list names the model. */
  listed(model: string, signal: AbortSignal): Promise<boolean | undefined> {
    return listedAt(`${this.options.baseUrl}/models`, model, this.wire, signal);
  }

  private async load(model: string) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const { provider, baseUrl, query } = this.options;
    const vendor = createOpenAICompatible({
      name: provider,
      baseURL: baseUrl,
      queryParams: query,
      fetch: this.wire.fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
    return vendor.chatModel(model);
  }
}

/** The header of an API key; none for a service that wants none. */
export const bearer = (apiKey: string | undefined) => async (): Promise<Record<string, string>> =>
  apiKey ? { authorization: `Bearer ${apiKey}` } : {};
