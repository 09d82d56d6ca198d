import type { ManagedFieldsEntry } from '../../../kit/resource/object.js';
import { isObject } from '../json/json.js';
import { type Fields, isEmpty, union } from './fields.js';

/** More writers than this are not told apart; the oldest become one. */
const MAX_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
  time?: string;
  fields: Fields;
}

/** Who owns what, by identity: name, operation, subresource, and the version for updaters. */
export type Managers = Map<string, Manager>;

export function managerId(manager: Omit<Manager, 'fields' | 'time'>): string {
  const version = manager.operation === 'Update' ? manager.apiVersion : '';
  return [manager.name, manager.operation, version, manager.subresource ?? ''].join('\n');
}

/** Undefined when the entries are not what a server writes. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) {
    if (!isObject(entry) || (entry.operation !== 'Apply' && entry.operation !== 'Update')) return undefined;
    const { manager: name = '', operation, apiVersion, subresource, time } = entry;
    const fields = isObject(entry.fieldsV1) ? (entry.fieldsV1 as Fields) : {};
    const manager: Manager = { name, operation, apiVersion, fields };
    if (subresource) manager.subresource = subresource;
    if (time) manager.time = time;
    managers.set(managerId(manager), manager);
  }
  return managers;
}

/** The entries to store; undefined when nobody owns anything. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  const owners = cap([...managers.values()].filter((manager) => !isEmpty(manager.fields)));
  if (owners.length === 0) return undefined;
  return owners.sort(inOrder).map((manager) => ({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time ? { time: manager.time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: manager.fields,
    ...(manager.subresource ? { subresource: manager.subresource } : {}),
  }));
}

function cap(owners: Manager[]): Manager[] {
  const updaters = owners.filter((manager) => manager.operation === 'Update');
  if (updaters.length <= MAX_UPDATERS) return owners;
  const oldest = updaters.sort(inOrder).slice(0, updaters.length - MAX_UPDATERS + 1);
  const buckets = new Map<string, Manager>();
  for (const manager of oldest) {
    const { apiVersion, time } = manager;
    const bucket = buckets.get(apiVersion);
    const fields = bucket ? union(bucket.fields, manager.fields) : manager.fields;
    buckets.set(apiVersion, { name: ANCIENT, operation: 'Update', apiVersion, time, fields });
  }
  return [...owners.filter((manager) => !oldest.includes(manager)), ...buckets.values()];
}

function inOrder(a: Manager, b: Manager): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource ?? '', b.subresource ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
