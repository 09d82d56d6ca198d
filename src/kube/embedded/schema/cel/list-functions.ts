import type { Environment } from '@marcbachmann/cel-js';

type Comparable = bigint | number | string;

/** The list functions of Kubernetes. */
export function registerLists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', isSorted)
    .registerFunction('list.sum(): dyn', (list: Comparable[]) => list.reduce(add, 0n))
    .registerFunction('list.min(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a < b))
    .registerFunction('list.max(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a > b))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], item: unknown) => BigInt(list.indexOf(item)))
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], item: unknown) => BigInt(list.lastIndexOf(item)));
}

function isSorted(list: Comparable[]): boolean {
  return list.every((item, index) => index === 0 || list[index - 1]! <= item);
}

function add(sum: Comparable, item: Comparable): Comparable {
  return typeof item === 'bigint' && typeof sum === 'bigint' ? sum + item : Number(sum) + Number(item);
}

function extreme(list: Comparable[], better: (a: Comparable, b: Comparable) => boolean): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('the list is empty');
  return rest.reduce((best, item) => (better(item, best) ? item : best), first);
}
