import type { KubeObject } from '../../kit/index.js';
import { MIGRATION_WARNING } from '../labels.js';

/** Records on the object what an old spelling in it means now; without a text a stale record is removed. */
export function setMigrationWarning(object: KubeObject, name: string, text: string | undefined): void {
  const key = `${MIGRATION_WARNING}${name}`;
  const annotations = object.metadata.annotations;
  if (text !== undefined) object.metadata.annotations = { ...annotations, [key]: text };
  else if (annotations && key in annotations) {
    const { [key]: _stale, ...kept } = annotations;
    object.metadata.annotations = kept;
  }
}

/** The recorded texts, in the order of their keys. */
export function migrationWarnings(object: KubeObject): string[] {
  return Object.entries(object.metadata.annotations ?? {})
    .filter(([key]) => key.startsWith(MIGRATION_WARNING))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text);
}
