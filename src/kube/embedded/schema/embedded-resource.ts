import type { StatusCause } from '../../api-server/status.js';
import { isObject, type Json } from '../json/json.js';
import { pruneMetadata } from './metadata-fields.js';
import type { SchemaNode } from './schema-node.js';

export function isEmbedded(node: SchemaNode): boolean {
  return node.schema['x-kubernetes-embedded-resource'] === true;
}

/** The metadata of an object inside another is pruned like its own. */
export function pruneEmbedded(value: Json, path: string, unknown: string[]): void {
  const dropped: string[] = [];
  if (isObject(value.metadata)) pruneMetadata(value.metadata as never, dropped);
  unknown.push(...dropped.map((field) => `${path}.${field}`));
}

/** An object inside another says what it is. */
export function checkEmbedded(value: Json, path: string, causes: StatusCause[]): void {
  for (const name of ['apiVersion', 'kind']) {
    const field = `${path}.${name}`;
    const text = value[name];
    if (text === undefined || text === '') {
      causes.push({ reason: 'FieldValueRequired', message: 'Required value', field });
    } else if (typeof text !== 'string') {
      causes.push({
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: ${JSON.stringify(text)}: must be a string`,
        field,
      });
    }
  }
}
