import type { UntypedObject } from '../../kit/resource/object.js';
import type { NameValue } from './query-object.js';

interface Property {
  type?: string;
  description?: string;
  enum?: unknown[];
}

export interface ToolSchema {
  properties?: Record<string, Property>;
  required?: string[];
}

export function toolSchema(tool: UntypedObject): ToolSchema {
  const spec = tool.spec as { inputSchema?: ToolSchema } | undefined;
  return spec?.inputSchema ?? {};
}

/**
 * The arguments of a tool as JSON text, values cast by the schema. Undefined when nothing is given and something is
 * required.
 */
export function toolInput(schema: ToolSchema, parameters: NameValue[]): string | undefined {
  if (parameters.length === 0 && (schema.required ?? []).length > 0) return undefined;
  const entries = parameters.map(({ name, value }) => [name, cast(value, schema.properties?.[name]?.type)] as const);
  return JSON.stringify(Object.fromEntries(entries));
}

/** What a person must know to call the tool. */
export function parameterSheet(name: string, schema: ToolSchema): string {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(([property, { type, description, enum: options }]) => {
    const marks = [type ?? 'any type', ...(required.has(property) ? ['required'] : [])].join(', ');
    const choice = options ? ` One of: ${options.map(String).join(', ')}.` : '';
    return `  ${property} (${marks})${description ? `  ${description}` : ''}${choice}\n`;
  });
  const sample = [...required].map((property) => `-p ${property}=…`).join(' ');
  return `Tool "${name}" needs arguments:\n${lines.join('')}For example: ark tool ${name} ${sample}\n`;
}

function cast(value: string, type: string | undefined): unknown {
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (type !== 'number' && type !== 'integer' && type !== 'object' && type !== 'array') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return fits(parsed, type) ? parsed : value;
  } catch {
    return value;
  }
}

function fits(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === type && value !== null;
}
