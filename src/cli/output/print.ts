import { dump } from 'js-yaml';
import type { UntypedObject } from '../../kit/resource/object.js';
import type { Table } from '../../kube/client/table.js';

const GAP = 3;

export const printYaml = (value: unknown): string => dump(value, { lineWidth: -1, noRefs: true });

export const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** `plural.group/name`, as kubectl's `-o name` has it. */
export function printNames(objects: UntypedObject[], type: { kind: string; group: string }): string {
  const prefix = [type.kind.toLowerCase(), ...(type.group ? [type.group] : [])].join('.');
  return objects.map((object) => `${prefix}/${object.metadata.name}\n`).join('');
}

/** One object alone, several as a List. */
export const asDocument = (objects: UntypedObject[], one: boolean): unknown =>
  one ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };

/** A server-side Table as aligned text. `wide` shows the columns of lower priority too. */
export function printTable(table: Table, options: { wide: boolean; withNamespace: boolean }): string {
  const shown = table.columnDefinitions
    .map((column, index) => ({ ...column, index }))
    .filter((column) => options.wide || (column.priority ?? 0) === 0);
  const head = shown.map((column) => column.name.toUpperCase());
  const body = (table.rows ?? []).map((row) => ({
    namespace: row.object?.metadata.namespace ?? '',
    cells: shown.map((column) => cellText(row.cells[column.index])),
  }));
  const lines = options.withNamespace
    ? [['NAMESPACE', ...head], ...body.map((row) => [row.namespace, ...row.cells])]
    : [head, ...body.map((row) => row.cells)];
  return align(lines);
}

/** Columns padded to their widest cell. */
export function align(lines: string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = lines.map((line) => line.map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP)).join(''));
  return padded.map((line) => `${line.trimEnd()}\n`).join('');
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  return text.split('\n')[0] ?? '';
}
