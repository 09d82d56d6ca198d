type GoType = 'string' | 'int64' | 'map[string]string' | '[]string' | '[]object';

/** The fields of ObjectMeta and their types in Go, which decides what can be read. */
const FIELDS: Record<string, GoType> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'int64',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'int64',
  labels: 'map[string]string',
  annotations: 'map[string]string',
  finalizers: '[]string',
  ownerReferences: '[]object',
  managedFields: '[]object',
};

/** What of some metadata Go could not read, e.g. `number into Go struct field ObjectMeta.name of type string`. */
export function metadataMismatch(metadata: unknown): string | undefined {
  if (jsonType(metadata) !== 'object')
    return `${jsonType(metadata)} into Go struct field .metadata of type v1.ObjectMeta`;
  for (const [field, value] of Object.entries(metadata as object)) {
    const type = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
    const found = type && value !== null ? mismatch(value, type) : undefined;
    if (found) return `${found.got} into Go struct field ObjectMeta.${field} of type ${found.wanted}`;
  }
  return undefined;
}

function mismatch(value: unknown, type: GoType): { got: string; wanted: string } | undefined {
  const got = jsonType(value);
  switch (type) {
    case 'string':
      return got === 'string' ? undefined : { got, wanted: type };
    case 'int64':
      return Number.isSafeInteger(value) ? undefined : { got, wanted: type };
    case 'map[string]string':
      return got === 'object' ? firstWrong(Object.values(value as object), 'string') : { got, wanted: type };
    case '[]string':
      return got === 'array' ? firstWrong(value as unknown[], 'string') : { got, wanted: type };
    case '[]object':
      return got === 'array' ? firstWrong(value as unknown[], 'object') : { got, wanted: type };
  }
}

function firstWrong(values: unknown[], wanted: string): { got: string; wanted: string } | undefined {
  const wrong = values.find((value) => value !== null && jsonType(value) !== wanted);
  return wrong === undefined ? undefined : { got: jsonType(wrong), wanted };
}

/** Go's names for the types of JSON. */
function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
