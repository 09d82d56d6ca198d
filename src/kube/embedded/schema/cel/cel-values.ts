import { parse } from '@marcbachmann/cel-js';
import type { StructuralSchema } from '../../catalogue.js';
import { isObject, type Json } from '../../json/json.js';

/** Words that CEL reserves; a field of that name is written `__name__` in a rule. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const ESCAPES: Record<string, string> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };

const toDuration = parse('duration(text)');

/**
 * JSON as CEL sees it: whole numbers are integers (BigInt) unless the schema says `number`, texts of a time or duration
 * format are such values, and fields whose names are
 * no identifiers can be reached by their escaped names. Parts that need no change are shared with the object.
 */
export function celValue(schema: StructuralSchema | undefined, value: unknown): unknown {
  if (typeof value === 'number') return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' && schema?.format !== undefined) return celText(schema.format, value);
  if (Array.isArray(value)) {
    let changed = false;
    const list = value.map((item) => {
      const converted = celValue(schema?.items, item);
      changed ||= converted !== item;
      return converted;
    });
    return changed ? list : value;
  }
  if (!isObject(value)) return value;
  return celObject(schema, value);
}

function celText(format: unknown, value: string): unknown {
  try {
    if (format === 'duration') return toDuration({ text: value });
  } catch {
    return value;
  }
  const isTime = (format === 'date-time' || format === 'date') && !Number.isNaN(Date.parse(value));
  return isTime ? new Date(value) : value;
}

function celObject(schema: StructuralSchema | undefined, value: Json): Json {
  let copy: Json | undefined;
  for (const field of Object.keys(value)) {
    const declared = schema?.properties?.[field];
    const below =
      declared ?? (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    const converted = celValue(below, value[field]);
    const name = declared ? escaped(field) : field;
    if (converted === value[field] && name === field) continue;
    copy ??= { ...value };
    copy[name] = converted;
  }
  return copy ?? value;
}

function escaped(field: string): string {
  if (RESERVED.has(field)) return `__${field}__`;
  if (!/__|[./-]/.test(field)) return field;
  return field.replace(/__|[./-]/g, (part) => ESCAPES[part]!);
}
