import { invalid, notFound, type ObjectKey, type ResourceClass } from '../../kit/index.js';
import { ConfigMap } from '../core/config-map.resource.js';
import { Secret } from '../core/secret.resource.js';
import { Service } from '../core/service.resource.js';
import type { KeySelector, ValueFromSource, ValueSource } from '../shared/value-source.js';
import type { ParameterOwner } from './parameter-owner.js';
import { serviceUrl } from './service-url.js';
import type { ValueLookup } from './value-lookup.js';

/**
 * The text that a source stands for. Secrets and ConfigMaps are read in `namespace`, the one of the object that holds
 * the source. `query` lends its parameters to `queryParameterRef`; without it such a source is an error.
 *
 * @returns undefined only when an `optional` Secret or ConfigMap, or its key, is absent.
 * @throws `Invalid` when the source names nothing usable, `NotFound` when what it names is absent.
 */
export async function resolveValue(
  source: ValueSource,
  namespace: string,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<string | undefined> {
  if (source.value) return source.value;
  if (!source.valueFrom) throw invalid('a value is missing: write value or valueFrom');
  return resolveSource(source.valueFrom, namespace, lookup, query);
}

/** The text behind `valueFrom`. Order: secret, config map, service, query parameter. */
export async function resolveSource(
  source: ValueFromSource,
  namespace: string,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<string | undefined> {
  if (source.secretKeyRef) return secretValue(source.secretKeyRef, namespace, lookup);
  if (source.configMapKeyRef) return configMapValue(source.configMapKeyRef, namespace, lookup);
  if (source.serviceRef) {
    const key = { namespace: source.serviceRef.namespace || namespace, name: source.serviceRef.name };
    const service = await lookup.get(Service, key);
    if (!service)
      throw notFound(`service ${key.namespace}/${key.name} does not exist; create it`, { reason: 'ServiceNotFound' });
    return serviceUrl(service, source.serviceRef);
  }
  if (source.queryParameterRef) return queryParameter(source.queryParameterRef.name, lookup, query);
  throw invalid('valueFrom names no source: write secretKeyRef, configMapKeyRef, serviceRef or queryParameterRef');
}

async function secretValue(selector: KeySelector, namespace: string, lookup: ValueLookup) {
  const secret = await lookup.get(Secret, { namespace, name: selector.name ?? '' });
  const encoded = secret?.data?.[selector.key];
  const text =
    encoded === undefined ? secret?.stringData?.[selector.key] : Buffer.from(encoded, 'base64').toString('utf8');
  if (text === undefined) return absent('secret', selector, namespace, secret !== undefined);
  lookup.taken?.(text);
  return text;
}

async function configMapValue(selector: KeySelector, namespace: string, lookup: ValueLookup) {
  const map = await lookup.get(ConfigMap, { namespace, name: selector.name ?? '' });
  return map?.data?.[selector.key] ?? absent('config map', selector, namespace, map !== undefined);
}

function absent(kind: string, selector: KeySelector, namespace: string, objectExists: boolean): undefined {
  if (selector.optional) return undefined;
  const object = `${kind} ${namespace}/${selector.name ?? ''}`;
  throw notFound(
    objectExists ? `${object} has no key "${selector.key}"; add it` : `${object} does not exist; create it`,
  );
}

/** A parameter's own text. Its sources are looked up where the Query is. A reference to a sibling is followed once. */
async function queryParameter(name: string, lookup: ValueLookup, query?: ParameterOwner): Promise<string | undefined> {
  if (!query) throw invalid(`the query parameter "${name}" is known only while a Query is being answered`);
  const parameter = query.spec.parameters?.find((each) => each.name === name);
  if (!parameter) throw notFound(`query ${query.metadata.name} has no parameter "${name}"`);
  if (parameter.value !== undefined && parameter.value !== '') return parameter.value;
  if (!parameter.valueFrom) return parameter.value ?? '';
  const sibling = parameter.valueFrom.queryParameterRef?.name;
  if (sibling !== undefined) {
    const direct = query.spec.parameters?.find((each) => each.name === sibling)?.value;
    if (direct === undefined) throw invalid(`query parameter "${name}": "${sibling}" has no value of its own`);
    return direct;
  }
  return resolveSource(parameter.valueFrom, query.metadata.namespace ?? '', lookup);
}

/** An object that a source reads, and its kind. */
export interface ValueReference {
  kind: ResourceClass;
  key: ObjectKey;
}

/** The objects a source reads, for watches. Query parameters are no objects. */
export function references(source: ValueSource | undefined, namespace: string): ValueReference[] {
  const from = source?.valueFrom;
  if (!source || source.value || !from) return [];
  if (from.secretKeyRef) return [{ kind: Secret, key: { namespace, name: from.secretKeyRef.name ?? '' } }];
  if (from.configMapKeyRef) return [{ kind: ConfigMap, key: { namespace, name: from.configMapKeyRef.name ?? '' } }];
  if (!from.serviceRef) return [];
  return [{ kind: Service, key: { namespace: from.serviceRef.namespace || namespace, name: from.serviceRef.name } }];
}
