import { Environment } from '@marcbachmann/cel-js';

/** CEL as CustomResourceDefinitions know it: the variables `self` and `oldSelf`, and the Kubernetes functions. */
export function celEnvironment(): Environment {
  return new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn')
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => text.match(new RegExp(pattern))?.[0] ?? '',
    )
    .registerFunction(
      'string.findAll(string): list<string>',
      (text: string, pattern: string) => text.match(new RegExp(pattern, 'g')) ?? [],
    )
    .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
    .registerFunction('list.isSorted(): bool', isSorted)
    .registerFunction('list.sum(): dyn', (list: Addable[]) => list.reduce(add, 0n))
    .registerFunction('list.min(): dyn', (list: Addable[]) => extreme(list, (a, b) => a < b))
    .registerFunction('list.max(): dyn', (list: Addable[]) => extreme(list, (a, b) => a > b));
}

type Addable = bigint | number | string;

function isSorted(list: Addable[]): boolean {
  return list.every((item, index) => index === 0 || list[index - 1]! <= item);
}

function add(sum: Addable, item: Addable): Addable {
  return typeof item === 'bigint' && typeof sum === 'bigint' ? sum + item : Number(sum) + Number(item);
}

function extreme(list: Addable[], better: (a: Addable, b: Addable) => boolean): Addable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('the list is empty');
  return rest.reduce((best, item) => (better(item, best) ? item : best), first);
}
