import type { UntypedObject } from '../../../../kit/resource/object.js';

/** A value in a table row. */
export type Cell = string | number | boolean | null;

/** One column of a kind: its definition on the wire and how to fill it. */
export interface Column {
  definition: ColumnDefinition;
  cell(object: UntypedObject, now: number): Cell;
}

export interface ColumnDefinition {
  name: string;
  type: string;
  format: string;
  description: string;
  /** 0 is always shown; above that only with `-o wide`. */
  priority: number;
}

/** A column, described in as few words as it needs. */
export function column(
  name: string,
  cell: Column['cell'],
  options: { type?: string; format?: string; description?: string; wide?: boolean } = {},
): Column {
  const { type = 'string', format = '', description = '', wide = false } = options;
  return { definition: { name, type, format, description, priority: wide ? 1 : 0 }, cell };
}

/** The value at a path of names, or undefined. */
export function at(object: unknown, ...path: string[]): unknown {
  let value = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The text at a path; empty when there is none. */
export function textAt(object: unknown, ...path: string[]): string {
  const value = at(object, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The list at a path; empty when there is none. */
export function listAt(object: unknown, ...path: string[]): unknown[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? (value as unknown[]) : [];
}
