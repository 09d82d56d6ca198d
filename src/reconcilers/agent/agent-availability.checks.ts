import { type Engines, findCondition, type ObjectKey, type ResourceReader } from '../../kit/index.js';
import { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import { DEFAULT_MODEL, effectiveModel } from '../../resources/agent/effective-model.js';
import { ExecutionEngine } from '../../resources/execution-engine/execution-engine.resource.js';
import { A2A_ENGINE } from '../../resources/labels.js';
import { Model } from '../../resources/model/model.resource.js';
import { toolCandidates, toolMeant } from './agent-tools.js';

/** What keeps an agent from being available. */
export interface Lack {
  reason: string;
  message: string;
}

export interface Surroundings {
  objects: Pick<ResourceReader, 'get'>;
  engines: Pick<Engines, 'get' | 'names'>;
}

type Check = (agent: Agent, surroundings: Surroundings) => Lack | undefined;

/** The first thing an agent lacks, in the order people look: its server, its model, its engine, its tools. */
export function firstLack(agent: Agent, surroundings: Surroundings): Lack | undefined {
  const checks: Check[] = [lacksServer, lacksModel, lacksEngine, lacksTool];
  for (const check of checks) {
    const lack = check(agent, surroundings);
    if (lack) return lack;
  }
  return undefined;
}

export const SERVER_NOT_READY = 'A2AServerNotReady';

const A2A_SERVER_VERSION = 'ark.mckinsey.com/v1prealpha1';

/** The A2A servers an agent was found on. */
export function owningServers(agent: Agent): ObjectKey[] {
  return (agent.metadata.ownerReferences ?? [])
    .filter(({ kind, apiVersion }) => kind === 'A2AServer' && apiVersion === A2A_SERVER_VERSION)
    .map(({ name }) => ({ namespace: agent.metadata.namespace, name }));
}

/** The engine an agent names; undefined for agents without one and for those on A2A servers. */
export function namedEngine(agent: Agent): ObjectKey | undefined {
  const engine = agent.spec?.executionEngine;
  if (!engine || engine.name === A2A_ENGINE) return undefined;
  return { namespace: engine.namespace || agent.metadata.namespace, name: engine.name };
}

const lacksServer: Check = (agent, { objects }) => {
  for (const key of owningServers(agent)) {
    const server = objects.get(A2AServer, key);
    if (!server) {
      const message = `A2AServer '${key.name}' does not exist; create it, or delete the agent`;
      return { reason: SERVER_NOT_READY, message };
    }
    const ready = findCondition(server.status?.conditions, 'Ready');
    if (ready?.status === 'True') continue;
    return { reason: SERVER_NOT_READY, message: `A2AServer '${key.name}' is not ready${because(ready?.message)}` };
  }
  return undefined;
};

const lacksModel: Check = (agent, { objects }) => {
  const key = effectiveModel(agent);
  if (!key) return undefined;
  const { modelRef, executionEngine } = agent.spec ?? {};
  const model = objects.get(Model, key);
  const name = `Model '${key.namespace}/${key.name}'`;
  if (!model) {
    // Older servers wrote `default` into agents that an engine runs; nobody asked for that model.
    if (executionEngine && modelRef?.name === DEFAULT_MODEL && !modelRef.namespace) return undefined;
    if (modelRef)
      return { reason: 'ModelNotFound', message: `${name} does not exist; create it, or change spec.modelRef` };
    const lacking = `The agent names neither a model nor an execution engine, and ${name} does not exist`;
    return { reason: 'ModelNotConfigured', message: `${lacking}; create it, or write spec.modelRef` };
  }
  const available = findCondition(model.status?.conditions, 'ModelAvailable');
  if (available?.status === 'True') return undefined;
  const cause = available?.message ?? 'nobody has asked it yet';
  return { reason: 'ModelNotFound', message: `${name} is not available${because(cause)}` };
};

const lacksEngine: Check = (agent, { objects, engines }) => {
  const key = namedEngine(agent);
  if (!key) return undefined;
  const name = `ExecutionEngine '${key.namespace}/${key.name}'`;
  const engine = objects.get(ExecutionEngine, key);
  if (!engine) {
    if (engines.get(key.name)) return undefined;
    const installed = engines.names().join(', ') || 'none';
    const message = `${name} does not exist, and no engine '${key.name}' is installed; installed: ${installed}`;
    return { reason: 'ExecutionEngineNotFound', message };
  }
  if (engine.status?.phase === 'ready') return undefined;
  return { reason: 'ExecutionEngineNotReady', message: `${name} is not ready${because(engine.status?.message)}` };
};

const lacksTool: Check = (agent, { objects }) => {
  for (const declared of agent.spec?.tools ?? []) {
    const candidates = toolCandidates(declared, agent.metadata.namespace);
    if (candidates.length === 0) continue;
    const tool = toolMeant(declared, agent.metadata.namespace, objects);
    if (!tool) {
      const names = candidates.map(({ name }) => `'${name}'`).join(' or ');
      const missing = `Tool ${names} does not exist in namespace ${agent.metadata.namespace}`;
      return { reason: 'ToolNotFound', message: `${missing}; create it, or change spec.tools` };
    }
    if (declared.type === 'custom' || declared.type === tool.spec.type) continue;
    const { metadata, spec } = tool;
    const message = `Tool '${metadata.name}' has type ${spec.type}; write that type in spec.tools, where it is ${declared.type}`;
    return { reason: 'ToolNotFound', message };
  }
  return undefined;
};

const because = (message: string | undefined): string => (message ? `: ${message}` : '');
