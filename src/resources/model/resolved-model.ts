import {
  type EgressRules,
  invalid,
  type ModelConfig,
  type ModelProvider,
  type ModelProviders,
} from '../../kit/index.js';
import { refusePassword } from '../values/address.js';
import { resolveHeaders } from '../values/resolve-headers.js';
import { TakenSecrets } from '../values/taken-secrets.js';
import type { ValueLookup } from '../values/value-lookup.js';
import { effectiveProvider, type Model } from './model.resource.js';
import type { ProviderConfig } from './model-config.js';
import { ModelSettings } from './model-settings.js';

/** A Model with its provider, ready to be opened. Holds keys: never log it. */
export interface ResolvedModel {
  provider: ModelProvider;
  config: ModelConfig;
}

/**
 * Everything a provider needs to know of a Model, outside any Query.
 * Throws `Invalid` or `NotFound` naming the part that cannot be resolved.
 */
export async function resolveModel(
  model: Model,
  providers: ModelProviders,
  objects: ValueLookup,
  egress: EgressRules,
): Promise<ResolvedModel> {
  const { name, namespace = '' } = model.metadata;
  const provider = effectiveProvider(model.spec) ?? '';
  const installed = providers.get(provider);
  if (!installed) {
    throw invalid(`no model provider '${provider}'; installed: ${providers.names().join(', ') || 'none'}`);
  }
  const block = (model.spec.config?.[provider] ?? {}) as ProviderConfig & Record<string, unknown>;
  const taken = new TakenSecrets(objects);
  const settings = new ModelSettings(model, taken);
  const config: ModelConfig = {
    name,
    namespace,
    // Engines are told the model's name, wherever it comes from.
    model: (await new ModelSettings(model, objects).text(model.spec.model, 'spec.model')) ?? '',
    settings: await settings.settings(block),
    properties: await settings.properties(block.properties),
    headers: await resolveHeaders(block.headers, namespace, taken),
    egress,
  };
  refusePassword(addressOf(config) ?? '');
  return { provider: installed, config: { ...config, secrets: taken.texts } };
}

/** The address among a provider's settings, if it has one. */
export function addressOf(config: ModelConfig): string | undefined {
  const { baseUrl } = config.settings;
  return typeof baseUrl === 'string' ? baseUrl : undefined;
}
