import { type ResourceClass, resourceType } from '../kit/index.js';
import type { Permission } from '../machinery/permissions/permission.js';
import { A2AServer } from '../resources/a2a-server/a2a-server.resource.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { ConfigMap } from '../resources/core/config-map.resource.js';
import { Secret } from '../resources/core/secret.resource.js';
import { Service } from '../resources/core/service.resource.js';
import { Evaluator } from '../resources/evaluator/evaluator.resource.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { MCPServer } from '../resources/mcp-server/mcp-server.resource.js';
import { Memory } from '../resources/memory/memory.resource.js';
import { Model } from '../resources/model/model.resource.js';
import { Query } from '../resources/query/query.resource.js';
import { Team } from '../resources/team/team.resource.js';
import { Tool } from '../resources/tool/tool.resource.js';

/** What a Query may lead to, asked of the server when no copy of it is at hand. */
const READ: ResourceClass[] = [
  ...[A2AServer, Agent, Evaluator, ExecutionEngine, MCPServer, Memory, Model, Query, Team, Tool],
  ...[ConfigMap, Secret, Service],
];

export const permissions: Permission[] = READ.map((kind) => {
  const { group, plural } = resourceType(kind);
  return { group, resource: plural, verbs: ['get'] };
});
