import { defineAdmission } from '../admission/admission-rules.js';
import { inputSchemaProblems } from './input-schema-checks.js';
import { HTTP_METHODS, Tool } from './tool.resource.js';

export const TOOL_TYPES = ['http', 'mcp', 'agent', 'team', 'builtin'] as const;
export const BUILTIN_TOOLS = ['noop', 'terminate'] as const;

/** Judges the arguments' schema and the block of the tool's type. */
export const toolAdmission = defineAdmission<Tool>({
  kind: Tool,
  skippable: true,
  validate({ object: tool, policy }) {
    const known: readonly string[] = [...TOOL_TYPES, ...policy.toolTypes];
    const { type, inputSchema } = tool.spec;
    const problems = inputSchema ? inputSchemaProblems(inputSchema, 'inputSchema') : [];
    if (!known.includes(type)) problems.push(`unknown type "${type}"; known types: ${known.join(', ')}`);
    const problem = BLOCK_CHECKS[type]?.(tool);
    return problem ? [...problems, problem] : problems;
  },
});

const BLOCK_CHECKS: Record<string, (tool: Tool) => string | undefined> = {
  http: ({ spec: { http } }) => {
    if (!http) return 'a tool of type http needs the block http';
    if (!URL.canParse(http.url.replaceAll(/\{[^{}]*\}/g, 'x'))) return `http.url "${http.url}" is no URL`;
    return http.method && !HTTP_METHODS.includes(http.method) ? `http.method "${http.method}" is unknown` : undefined;
  },
  mcp: ({ spec: { mcp } }) => {
    if (!mcp) return 'a tool of type mcp needs the block mcp';
    if (!mcp.mcpServerRef?.name) return 'mcp.mcpServerRef needs a name';
    return mcp.toolName ? undefined : 'mcp.toolName is required';
  },
  agent: ({ spec }) => (spec.agent?.name ? undefined : 'a tool of type agent needs agent.name'),
  team: ({ spec }) => (spec.team?.name ? undefined : 'a tool of type team needs team.name'),
  builtin: ({ spec, metadata }) => {
    const names: readonly (string | undefined)[] = BUILTIN_TOOLS;
    if (names.includes(spec.builtin?.name) || names.includes(metadata.name)) return undefined;
    return `a builtin tool is one of ${BUILTIN_TOOLS.join(', ')}; name it in builtin.name`;
  },
};
