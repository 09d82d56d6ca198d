import { sendableHeaders } from '../../kit/index.js';
import type { Header } from '../shared/header.js';
import type { ParameterOwner } from './parameter-owner.js';
import { named } from './resolve-parameters.js';
import { references, resolveValue, type ValueReference } from './resolve-value.js';
import type { ValueLookup } from './value-lookup.js';

/**
 * Header names and values. A header whose optional source is absent is left out. Names are compared without case; the
 * last one wins. Throws on the first header that cannot be resolved or sent, naming it. Values may be secret: never log
 * them.
 */
export async function resolveHeaders(
  headers: readonly Header[] | undefined,
  namespace: string,
  lookup: ValueLookup,
  query?: ParameterOwner,
): Promise<Record<string, string>> {
  let resolved: Record<string, string> = {};
  for (const header of headers ?? []) {
    const value = await named(`header "${header.name}"`, () => resolveValue(header.value, namespace, lookup, query));
    if (value !== undefined) resolved = mergeHeaders(resolved, sendableHeaders({ [header.name]: value }));
  }
  return resolved;
}

/** Both sets of headers; names are compared without case and the second set wins. */
export function mergeHeaders(first: Record<string, string>, second: Record<string, string>): Record<string, string> {
  const replaced = new Set(Object.keys(second).map((name) => name.toLowerCase()));
  const kept = Object.entries(first).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...second };
}

/** The objects that headers read, for watches. */
export function headerReferences(headers: readonly Header[] | undefined, namespace: string): ValueReference[] {
  return (headers ?? []).flatMap((header) => references(header.value, namespace));
}
