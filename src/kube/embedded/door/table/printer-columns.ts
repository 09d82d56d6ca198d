import type { PrinterColumn } from '../../../../kit/resource/resource.js';
import { ageText } from './age.js';
import { type Cell, type Column, column } from './column.js';
import { compileJsonPath, type JsonPath } from './json-path.js';

/** A column of a custom resource, filled by its JSONPath. A path that cannot be read leaves its cells empty. */
export function printerColumn(source: PrinterColumn): Column {
  const find = compiled(source.jsonPath);
  const description =
    source.description || `Custom resource definition column (in JSONPath format): ${source.jsonPath}`;
  const result = column(source.name, (object, now) => cellFor(source.type, find(object)[0], now), {
    type: source.type,
    description,
  });
  result.definition.priority = source.priority ?? 0;
  return result;
}

function compiled(path: string): JsonPath {
  try {
    return compileJsonPath(path);
  } catch {
    return () => [];
  }
}

/** As the table converter of the API server: only the first value counts, and a value of a wrong type shows nothing. */
function cellFor(type: PrinterColumn['type'], value: unknown, now: number): Cell {
  if (value === undefined || value === null) return null;
  if (type === 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
  if (type === 'date') return typeof value === 'string' ? ageText(value, now) : null;
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null;
  return typeof value === type ? (value as number | boolean) : null;
}
