import { type ModelClient, type ModelConfig, type ModelProvider, ProvidesModels, readOptions } from 'nest-ark';
import { nameOf } from '../called-model.js';
import { Connections } from '../http/connections.js';
import { ModelWire } from '../http/model-wire.js';
import { refuseOwnNames } from '../http/properties.js';
import { probe } from '../probe.js';
import { SdkModel } from '../sdk-model.js';
import { AmbientIdentity } from './ambient-identity.js';
import { bedrockAccess } from './bedrock-access.js';
import { bedrockParameters } from './bedrock-parameters.js';
import { BedrockSettings } from './bedrock-settings.js';

/** Models on Amazon Bedrock, through its Converse API. */
@ProvidesModels({ name: 'bedrock', description: 'Models on Amazon Bedrock, through its Converse API' })
export class BedrockModelProvider implements ModelProvider {
  private readonly connections = new Connections();
  private readonly ambient = new AmbientIdentity();

  open(config: ModelConfig): ModelClient {
    return this.opened(config);
  }

  /** One token: what lists models there needs other rights than calling one. */
  async probe(config: ModelConfig, signal: AbortSignal): Promise<void> {
    const short = { ...config, properties: { ...config.properties, max_tokens: 1 } };
    await probe(async () => undefined, this.opened(short), signal);
  }

  onApplicationShutdown(): Promise<void> {
    return this.connections.close();
  }

  private opened(config: ModelConfig): SdkModel {
    const at = `config.bedrock of model '${config.namespace}/${config.name}'`;
    const settings = readOptions(BedrockSettings, config.settings, at);
    const access = bedrockAccess(settings, at, process.env);
    const id = settings.modelArn || config.model;
    const subject = nameOf('bedrock', { ...config, model: id });
    refuseOwnNames(config, subject);
    const wire = new ModelWire({ config, subject, connections: this.connections });
    return new SdkModel({
      config,
      subject,
      style: { systemFirst: true, imagesInResults: true },
      extra: bedrockParameters(settings, config.properties, at),
      load: async () => {
        const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
        const keys = 'apiKey' in access ? {} : await this.ambient.keys(subject);
        const vendor = createAmazonBedrock({ ...access, ...keys, fetch: wire.fetch });
        // An ARN does not say whose model it is; its name in the Model does.
        return vendor(id, /claude/i.test(`${config.model} ${id}`) ? { modelFamily: 'anthropic' } : {});
      },
    });
  }
}
