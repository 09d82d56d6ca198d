import type { UntypedObject } from '../../../kit/resource/object.js';
import { isObject, type Json } from '../json/json.js';
import type { Kind } from '../kinds/kind.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { checkApplied } from './check-applied.js';
import { compareMaps } from './compare.js';
import { appliedFields } from './field-sets.js';
import { difference, type Fields, NOTHING } from './fields.js';
import { trackedPart } from './tracked-root.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Who moves from client-side to server-side apply without conflicts; another name opts out. */
const KUBECTL = 'kubectl';

/**
 * Fields that kubectl's client-side apply wrote and nobody changed since: its server-side apply may take them over
 * without force.
 */
export function fieldsLastApplied(
  kind: Kind,
  schema: SchemaNode,
  live: UntypedObject | undefined,
  manager: string,
): Fields {
  const text = manager === KUBECTL ? live?.metadata.annotations?.[LAST_APPLIED] : undefined;
  if (!live || !text) return NOTHING;
  try {
    const last = JSON.parse(text) as UntypedObject;
    if (last.apiVersion !== kind.apiVersion || !isObject(last.metadata)) return NOTHING;
    const applied = trackedPart(kind, last);
    checkApplied(schema, applied, last.metadata.name, kind.apiVersion, kind.served.type.kind);
    const { added, modified, removed } = compareMaps(schema, applied, trackedPart(kind, live));
    const fields = appliedFields(schema, applied) ?? NOTHING;
    return [added, modified, removed].reduce(difference, fields);
  } catch {
    // Anybody may write the annotation: one that cannot be understood gives nothing away.
    return NOTHING;
  }
}

/** Keeps the annotation true after a server-side apply, for those who apply on the client again. */
export function refreshLastApplied(next: UntypedObject, config: UntypedObject, manager: string): void {
  const { annotations } = next.metadata;
  if (manager !== KUBECTL || !annotations?.[LAST_APPLIED]) return;
  const { [LAST_APPLIED]: _, ...others } = config.metadata.annotations ?? {};
  const metadata = { ...config.metadata, ...(config.metadata.annotations ? { annotations: others } : {}) };
  const text = `${JSON.stringify(inOrder({ ...config, metadata }))}\n`;
  next.metadata.annotations = { ...annotations, [LAST_APPLIED]: text };
}

/** With sorted keys, as Go writes maps: an equal configuration is then an equal text. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder((value as Json)[key])]));
}
