import { resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';

const { group, plural } = resourceType(ExecutionEngine);

/** One ExecutionEngine for each engine of this process, beside it. */
export const permissions: Permission[] = [{ group, resource: plural, verbs: ['create', 'patch'], own: true }];
