import { IsOptional, IsString } from 'class-validator';
import { ProvidesModels } from 'nest-ark';
import { CompatibleProvider, CompatibleSettings } from '../openai-compatible/compatible-provider.js';

/** The block `config.openai` of a Model. */
export class OpenAISettings extends CompatibleSettings {
  @IsOptional()
  @IsString()
  baseUrl: string = 'https://api.openai.com/v1';
}

/** OpenAI, and every service that speaks its chat completions at another address. */
@ProvidesModels({ name: 'openai', description: 'OpenAI, and every service that speaks its chat completions' })
export class OpenAIModelProvider extends CompatibleProvider {
  constructor() {
    super('openai', OpenAISettings);
  }
}
