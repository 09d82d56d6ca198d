import { errorText } from '../../../kit/index.js';
import { Service } from '../../core/service.resource.js';
import type { ValueSource } from '../../shared/value-source.js';
import { references, resolveValue } from '../../values/resolve-value.js';
import type { ValueLookup } from '../../values/value-lookup.js';

/**
 * What is wrong with the Secret or ConfigMap a source names: the object or its key is missing. Services may come later
 * and query parameters come with Queries, so neither is looked at; an incomplete reference is the schema's business.
 */
export async function missingReference(
  source: ValueSource | undefined,
  namespace: string,
  lookup: ValueLookup,
): Promise<string | undefined> {
  const selector = source?.valueFrom?.secretKeyRef ?? source?.valueFrom?.configMapKeyRef;
  if (!source || source.value || !selector?.name || !selector.key) return undefined;
  if (references(source, namespace).every(({ kind }) => kind === Service)) return undefined;
  return resolveValue(source, namespace, lookup).then(() => undefined, errorText);
}

/** What is wrong with an address that must be known before any Query: no source, or a missing Secret or ConfigMap. */
export async function unresolvedAddress(
  source: ValueSource | undefined,
  namespace: string,
  lookup: ValueLookup,
): Promise<string | undefined> {
  if (source?.value) return undefined;
  const from = source?.valueFrom;
  if (!from) return 'write value or valueFrom';
  if (from.serviceRef && !from.secretKeyRef && !from.configMapKeyRef) {
    return from.serviceRef.name ? undefined : 'serviceRef needs a name';
  }
  return resolveValue(source, namespace, lookup).then(
    (value) => (value ? undefined : 'its optional source is absent'),
    errorText,
  );
}
