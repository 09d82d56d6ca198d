import { references, type ValueReference } from '../values/resolve-value.js';
import { effectiveProvider, type Model } from './model.resource.js';
import { isSource } from './model-settings.js';

/** The objects that a model's name and its provider's settings read, for watches. */
export function modelReferences(model: Model): ValueReference[] {
  const namespace = model.metadata.namespace ?? '';
  const provider = effectiveProvider(model.spec);
  const block = provider === undefined ? undefined : model.spec.config?.[provider];
  return [model.spec.model, block].flatMap((value) => within(value, namespace));
}

function within(value: unknown, namespace: string): ValueReference[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isSource(value)) return references(value, namespace);
  return Object.values(value).flatMap((inner) => within(inner, namespace));
}
