import type { ObjectKey } from '../../kit/index.js';
import { A2A_SERVER_NAME } from '../labels.js';
import type { Agent } from './agent.resource.js';

/** The Model that stands for every agent of a namespace that names none. */
export const DEFAULT_MODEL = 'default';

/**
 * The Model an agent uses: its own reference, else `default` of its namespace. Undefined for an agent that an execution
 * engine or an A2A server runs and that names no Model.
 */
export function effectiveModel(agent: Agent): ObjectKey | undefined {
  const namespace = agent.metadata.namespace ?? '';
  const reference = agent.spec?.modelRef;
  if (reference) return { namespace: reference.namespace || namespace, name: reference.name };
  if (agent.spec?.executionEngine || agent.metadata.annotations?.[A2A_SERVER_NAME]) return undefined;
  return { namespace, name: DEFAULT_MODEL };
}
