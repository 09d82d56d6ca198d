import { badRequest } from '../errors/refusals.js';
import { isObject } from '../json/json.js';

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
  const places = kept.map(placesIn(order, key));
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
  const placeInOrder = placesIn(order, key);
  const placeInLive = placesIn(live, key);
  const sorted = (items: unknown[], place: Place) => items.toSorted((one, other) => place(one) - place(other));
  const named = sorted(
    merged.filter((item) => placeInOrder(item) >= 0),
    placeInOrder,
  );
  const others = sorted(
    merged.filter((item) => placeInOrder(item) < 0),
    placeInLive,
  );
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const place = placeInLive(item);
    while (next < others.length && placeInLive(others[next]) < place) result.push(others[next++]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** Where an item stands in a list; -1 for one that is not in it. */
type Place = (item: unknown) => number;

/** Read once: lists may be long. What tells items apart is a text or a number. */
function placesIn(list: unknown[], key: string | undefined): Place {
  const identity = (item: unknown) => JSON.stringify(key !== undefined && isObject(item) ? item[key] : item);
  const places = new Map<string, number>();
  for (const [place, item] of list.entries()) if (!places.has(identity(item))) places.set(identity(item), place);
  return (item) => places.get(identity(item)) ?? -1;
}
