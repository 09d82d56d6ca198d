import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { ServedKind } from '../../catalogue.js';
import { builtInColumns, defaultColumns, nameColumn } from './built-in-columns.js';
import type { Cell, Column, ColumnDefinition } from './column.js';
import { printerColumn } from './printer-columns.js';

/** How much of each object a table row carries besides its cells. */
export type IncludeObject = 'Object' | 'Metadata' | 'None';

export interface TableOptions {
  /** Version of `meta.k8s.io` the client asked for. */
  version: 'v1' | 'v1beta1';
  include: IncludeObject;
  /** Off after the first table of a watch. */
  headers: boolean;
  metadata: object;
}

export interface Table {
  kind: 'Table';
  apiVersion: string;
  metadata: object;
  columnDefinitions: ColumnDefinition[] | null;
  rows: { cells: Cell[]; object?: object }[];
}

/** Turns objects into the tables that `kubectl get` prints. Columns are compiled once per served kind. */
export class Tables {
  private readonly compiled = new WeakMap<ServedKind, Column[]>();

  of(served: ServedKind, objects: UntypedObject[], options: TableOptions, now = Date.now()): Table {
    const columns = this.columns(served);
    const apiVersion = `meta.k8s.io/${options.version}`;
    return {
      kind: 'Table',
      apiVersion,
      metadata: options.metadata,
      columnDefinitions: options.headers ? columns.map((column) => column.definition) : null,
      rows: objects.map((object) => ({
        cells: columns.map((column) => column.cell(object, now)),
        ...rowObject(object, options.include, apiVersion),
      })),
    };
  }

  private columns(served: ServedKind): Column[] {
    const present = this.compiled.get(served);
    if (present) return present;
    const columns = columnsOf(served);
    this.compiled.set(served, columns);
    return columns;
  }
}

function columnsOf(served: ServedKind): Column[] {
  const own = served.builtIn ? builtInColumns(served.type.group, served.type.kind) : undefined;
  if (own) return own;
  const printed = served.printerColumns.map(printerColumn);
  return [nameColumn, ...(printed.length > 0 ? printed : defaultColumns)];
}

function rowObject(object: UntypedObject, include: IncludeObject, apiVersion: string): { object?: object } {
  if (include === 'None') return {};
  return { object: include === 'Object' ? object : partialObject(object, apiVersion) };
}

/** Only the metadata of an object, as clients that keep indexes ask for it. */
export function partialObject(object: UntypedObject, apiVersion: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata };
}
