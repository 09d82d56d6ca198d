import { IsOptional, IsString } from 'class-validator';
import { ProvidesModels } from 'nest-ark';
import { CompatibleProvider, CompatibleSettings } from '../openai-compatible/compatible-provider.js';

/** The block `config.ollama` of a Model. Ollama itself wants no key; a gateway before it may. */
export class OllamaSettings extends CompatibleSettings {
  @IsOptional()
  @IsString()
  baseUrl: string = 'http://localhost:11434/v1';
}

/** Models that Ollama serves, on this machine unless another address is written. */
@ProvidesModels({ name: 'ollama', description: 'Models on this machine or in the cluster, served by Ollama' })
export class OllamaModelProvider extends CompatibleProvider {
  constructor() {
    super('ollama', OllamaSettings);
  }
}
