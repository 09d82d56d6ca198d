import type { Json } from '../json/json.js';
import type { SchemaNode } from '../schema/schema-node.js';
import { childNode, itemElement, type Shape, shapeOf } from './typed.js';

/** The live value with the applied one laid over it. Pure: parts are shared with both. */
export function mergeApplied(node: SchemaNode | undefined, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const shape = shapeOf(node, applied);
  if (shape === 'leaf' || shapeOf(node, live) !== shape) return applied;
  if (shape === 'map') return mergeMaps(node, live as Json, applied as Json);
  return mergeLists(node, shape, live as unknown[], applied as unknown[]);
}

function mergeMaps(node: SchemaNode | undefined, live: Json, applied: Json): Json {
  const result: Json = { ...live };
  for (const field in applied) result[field] = mergeApplied(childNode(node, field), live[field], applied[field]);
  return result;
}

/**
 * Items of both, each once. Applied items keep their order; live items that are not applied keep their place between
 * the neighbours they had. The walk is the one of structured-merge-diff, so that lists come out as a real server
 * orders them.
 */
function mergeLists(node: SchemaNode | undefined, shape: Shape, live: unknown[], applied: unknown[]): unknown[] {
  const element = (item: unknown) => itemElement(node, shape, item);
  const left = live.map(element);
  const right = applied.map(element);
  const liveItems = new Map(left.map((key, index) => [key, live[index]]));
  const wanted = new Set(right);
  const shared = right.filter((key) => liveItems.has(key));
  const done = new Set<string>();
  const result: unknown[] = [];
  const take = (key: string, item: unknown) => {
    done.add(key);
    result.push(mergeApplied(shape === 'keyed' ? node?.items : undefined, liveItems.get(key), item));
    if (shared[0] === key) shared.shift();
  };
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const key = left[l];
    if (key !== undefined && key === right[r]) {
      take(key, applied[r++]);
      l++;
    } else if (
      key !== undefined &&
      r < right.length &&
      wanted.has(key) &&
      shared[0] !== undefined &&
      shared[0] !== key
    ) {
      // Applied too, but another shared item comes first.
      l++;
    } else if (key !== undefined && !wanted.has(key)) {
      result.push(live[l++]);
    } else {
      if (key !== undefined && done.has(key)) l++;
      const next = right[r];
      if (next !== undefined) take(next, applied[r++]);
    }
  }
  return result;
}
