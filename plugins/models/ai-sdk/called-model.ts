import type { ModelConfig } from 'nest-ark';

/** How messages name a model: its object, who runs it, and what they call it. */
export function nameOf(provider: string, config: Pick<ModelConfig, 'name' | 'namespace' | 'model'>): string {
  return `model '${config.namespace}/${config.name}' (${provider}, ${config.model})`;
}
