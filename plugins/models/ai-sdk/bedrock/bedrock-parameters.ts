import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { invalid, type ModelConfig } from 'nest-ark';
import type { BedrockSettings } from './bedrock-settings.js';

type Fields = Record<string, never>;

/** Wire names whose place in the Converse API is the same for every model. */
const GENERAL = { max_tokens: 'maxOutputTokens', temperature: 'temperature', top_p: 'topP' } as const;

/**
 * The parameters of every call. Properties win over `maxTokens` and `temperature`; those that only the model behind the
 * API knows travel in `additionalModelRequestFields`, under their own names and with their own types.
 *
 * @throws Invalid for a general parameter that is no number
 */
export function bedrockParameters(
  settings: BedrockSettings,
  properties: ModelConfig['properties'],
  at: string,
): Partial<LanguageModelV4CallOptions> {
  const { maxTokens: max_tokens, temperature } = settings;
  const given = { max_tokens, temperature: temperature ? Number(temperature) : undefined, ...properties };
  const options: Partial<LanguageModelV4CallOptions> = {};
  const further: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given).filter(([, value]) => value !== undefined)) {
    if (!(name in GENERAL)) further[name] = value;
    else if (typeof value === 'number' && Number.isFinite(value))
      options[GENERAL[name as keyof typeof GENERAL]] = value;
    else throw invalid(`${at}: ${name} must be a number`);
  }
  if (Object.keys(further).length === 0) return options;
  return { ...options, providerOptions: { bedrock: { additionalModelRequestFields: further as Fields } } };
}
