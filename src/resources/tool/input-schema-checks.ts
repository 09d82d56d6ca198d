const TYPES: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** What is wrong with a JSON Schema, as far as types and property names go. Paths start with `at`. */
export function inputSchemaProblems(schema: unknown, at: string): string[] {
  if (typeof schema === 'boolean') return [];
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`${at} must be an object`];
  const { type, properties } = schema as { type?: unknown; properties?: unknown };
  const problems: string[] = [];
  for (const each of Array.isArray(type) ? type : [type]) {
    if (each !== undefined && !TYPES.includes(each)) {
      problems.push(`${at}.type "${String(each)}" is unknown; known types: ${TYPES.join(', ')}`);
    }
  }
  if (properties === undefined) return problems;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) {
    return [...problems, `${at}.properties must be an object`];
  }
  for (const [name, property] of Object.entries(properties)) {
    if (name === '') problems.push(`${at}.properties has an empty name`);
    else problems.push(...inputSchemaProblems(property, `${at}.properties.${name}`));
  }
  return problems;
}
