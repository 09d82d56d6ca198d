import { badRequest } from '../errors/refusals.js';
import { equalJson, isObject } from '../json/json.js';

const DIRECTIVE = '$setElementOrder/';

/** The lists whose order a strategic merge patch names, by field. */
export function elementOrders(patch: Record<string, unknown>): Map<string, unknown[]> {
  const named = Object.entries(patch).filter(([key]) => key.startsWith(DIRECTIVE));
  return new Map(
    named.map(([key, order]) => {
      if (!Array.isArray(order)) throw badRequest(`${key} must be a list`);
      return [key.slice(DIRECTIVE.length), order];
    }),
  );
}

/** Refuses a list whose items stand in another order than the one that the same patch names, or are missing in it. */
export function checkElementOrder(field: string, items: unknown[], order: unknown[], key: string | undefined): void {
  const kept = items.filter((item) => !(isObject(item) && '$patch' in item));
  const places = kept.map((item) => placeIn(order, item, key));
  if (places.every((place, i) => place >= 0 && place >= (places[i - 1] ?? 0))) return;
  throw badRequest(`the items of ${field} do not match ${DIRECTIVE}${field}`);
}

/**
 * The items of a merged list, sorted as kube-apiserver does: those that the patch names in its order, the others in that of
 * the live object, each before the first named one that it stood before there.
 */
export function inElementOrder(
  merged: unknown[],
  order: unknown[],
  live: unknown[],
  key: string | undefined,
): unknown[] {
  const sorted = (items: unknown[], by: unknown[]) =>
    items.toSorted((one, other) => placeIn(by, one, key) - placeIn(by, other, key));
  const named = sorted(
    merged.filter((item) => placeIn(order, item, key) >= 0),
    order,
  );
  const others = sorted(
    merged.filter((item) => placeIn(order, item, key) < 0),
    live,
  );
  const result: unknown[] = [];
  for (const item of named) {
    const place = placeIn(live, item, key);
    while (others.length > 0 && placeIn(live, others[0], key) < place) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

function placeIn(list: unknown[], item: unknown, key: string | undefined): number {
  if (key === undefined) return list.findIndex((each) => equalJson(each, item));
  return list.findIndex((each) => isObject(each) && isObject(item) && equalJson(each[key], item[key]));
}
