import type { BuiltInKind } from '../kind.js';
import { configMap } from './config-map.js';
import { customResourceDefinition } from './custom-resource-definition.js';
import { event } from './event.js';
import { lease } from './lease.js';
import { namespace } from './namespace.js';
import { secret } from './secret.js';
import { service } from './service.js';
import { serviceAccount } from './service-account.js';

/** The kinds that are there without any definition. */
export const BUILT_IN_KINDS: readonly BuiltInKind[] = [
  namespace,
  secret,
  configMap,
  service,
  serviceAccount,
  event,
  lease,
  customResourceDefinition,
];
