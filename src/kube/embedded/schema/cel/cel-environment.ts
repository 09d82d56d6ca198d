import { Environment } from '@marcbachmann/cel-js';
import { registerLists } from './list-functions.js';
import { registerQuantities } from './quantities.js';
import { registerStrings } from './string-functions.js';
import { registerUrls } from './urls.js';

/** CEL as CustomResourceDefinitions know it: the variables `self` and `oldSelf`, and the functions of Kubernetes. */
export function celEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn');
  registerStrings(environment);
  registerLists(environment);
  registerUrls(environment);
  registerQuantities(environment);
  return environment;
}
