import { findCondition, type ObjectKey, type ResourceReader, type ToolTypes } from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { Team } from '../../resources/team/team.resource.js';
import type { Tool, ToolStatus } from '../../resources/tool/tool.resource.js';
import { headerReferences, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { named, resolveParameters } from '../../resources/values/resolve-parameters.js';
import { references, type ValueReference } from '../../resources/values/resolve-value.js';

/** What keeps a tool from being called. */
export interface Lack {
  reason: 'ToolTypeNotInstalled' | 'DependencyUnavailable';
  message: string;
}

type Objects = Pick<ResourceReader, 'get'>;

/** The server whose tool it is. */
export function serverOf({ spec, metadata }: Tool): ObjectKey[] {
  const { name, namespace } = spec.mcp?.mcpServerRef ?? {};
  return spec.type === 'mcp' && name ? [{ namespace: namespace || metadata.namespace, name }] : [];
}

/** The agent or team that it asks. */
export function callee({ spec, metadata }: Tool, type: 'agent' | 'team'): ObjectKey[] {
  const name = spec.type === type ? spec[type]?.name : undefined;
  return name ? [{ namespace: metadata.namespace, name }] : [];
}

/** What its headers and the parameters of its body are read from. */
export function toolValues({ spec, metadata }: Tool): ValueReference[] {
  const namespace = metadata.namespace ?? '';
  const { headers, bodyParameters } = (spec.type === 'http' && spec.http) || {};
  return [
    ...headerReferences(headers, namespace),
    ...(bodyParameters ?? []).flatMap((parameter) => references(parameter, namespace)),
  ];
}

/** The first thing a tool lacks: its type, whom it calls. */
export function firstLack(tool: Tool, types: ToolTypes, objects: Objects): Lack | undefined {
  const { type } = tool.spec;
  if (!types.get(type)) {
    const installed = types.names().join(', ') || 'none';
    return {
      reason: 'ToolTypeNotInstalled',
      message: `no tool type '${type}' is installed; installed: ${installed}`,
    };
  }
  const missing = (kind: string, { namespace, name }: ObjectKey, field: string): Lack => {
    const message = `${kind} '${namespace}/${name}' does not exist; create it, or change ${field}`;
    return { reason: 'DependencyUnavailable', message };
  };
  for (const key of serverOf(tool)) {
    if (!objects.get(MCPServer, key)) return missing('MCPServer', key, 'spec.mcp.mcpServerRef');
  }
  for (const key of callee(tool, 'agent')) {
    if (!objects.get(Agent, key)) return missing('Agent', key, 'spec.agent.name');
  }
  for (const key of callee(tool, 'team')) if (!objects.get(Team, key)) return missing('Team', key, 'spec.team.name');
  return undefined;
}

/**
 * Resolves what can be resolved outside a Query.
 *
 * @throws naming the header or parameter that cannot be
 */
export async function checkValues({ spec, metadata }: Tool, objects: Objects): Promise<void> {
  const { headers, bodyParameters } = (spec.type === 'http' && spec.http) || {};
  const namespace = metadata.namespace ?? '';
  const known = headers?.filter(({ value }) => !value.valueFrom?.queryParameterRef);
  await named('spec.http.headers', () => resolveHeaders(known, namespace, objects));
  const certain = bodyParameters?.filter(({ valueFrom }) => !valueFrom?.queryParameterRef);
  await named('spec.http.bodyParameters', () => resolveParameters(certain, namespace, objects));
}

/** The status of a tool that lacks nothing: it stays while its server is away, and says so. */
export function usableStatus(tool: Tool, objects: Objects): ToolStatus {
  for (const key of serverOf(tool)) {
    const available = findCondition(objects.get(MCPServer, key)?.status?.conditions, 'Available');
    // A server one of whose Tools cannot be written answers all the same.
    if (available?.status !== 'False' || available.reason === 'ToolCreationFailed') continue;
    const server = `MCPServer '${key.namespace}/${key.name}' is not available (${available.reason})`;
    return { state: 'Stale', message: `${server}; the tool is as the server last listed it` };
  }
  return { state: 'Ready', message: 'Tool configuration is valid' };
}
