import type { UntypedObject } from '../../../kit/resource/object.js';
import { fieldSelector, type ObjectMatch } from './field-selector.js';
import { labelSelector } from './label-selector.js';

export interface FilterOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

/** What a list, a watch or a deletion of many speaks about. */
export function objectFilter(options: FilterOptions, selectableFields: readonly string[]): ObjectMatch {
  const tests: ObjectMatch[] = [];
  const { namespace } = options;
  if (namespace) tests.push((object) => object.metadata.namespace === namespace);
  if (options.labelSelector) {
    const labels = labelSelector(options.labelSelector);
    tests.push((object) => labels(object.metadata.labels ?? {}));
  }
  if (options.fieldSelector) tests.push(fieldSelector(options.fieldSelector, selectableFields));
  if (tests.length === 0) return everything;
  if (tests.length === 1) return tests[0]!;
  return (object: UntypedObject) => tests.every((test) => test(object));
}

function everything(): boolean {
  return true;
}
