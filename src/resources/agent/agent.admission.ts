import { defineAdmission } from '../admission/admission-rules.js';
import { overrideProblems } from '../admission/checks/header-checks.js';
import { parameterProblems } from '../admission/checks/parameter-checks.js';
import { setMigrationWarning } from '../admission/migration-warnings.js';
import { parseDuration } from '../values/duration.js';
import { Agent, type AgentTool } from './agent.resource.js';
import { DEFAULT_MODEL, effectiveModel } from './effective-model.js';

export const AGENT_TOOL_TYPES = ['built-in', 'custom', 'mcp', 'http', 'agent', 'team', 'builtin'] as const;
const BUILT_IN_TOOLS = ['noop', 'terminate'];

/** Names the namespace's default model, and judges parameters, overrides and tools. */
export const agentAdmission = defineAdmission<Agent>({
  kind: Agent,
  skippable: true,
  mutate({ object: agent }) {
    if (!agent.spec.modelRef && effectiveModel(agent)) agent.spec.modelRef = { name: DEFAULT_MODEL };
    const tools = Array.isArray(agent.spec.tools) ? agent.spec.tools : [];
    const custom = tools.find((tool) => tool?.type === 'custom');
    setMigrationWarning(agent, 'tool-type-custom', custom && customText(agent, custom));
  },
  async validate({ object: agent, lookup, policy }) {
    const { parameters, overrides, tools } = agent.spec;
    return [
      ...(await parameterProblems(parameters, agent.metadata.namespace ?? '', lookup)),
      ...overrideProblems(overrides),
      ...(tools ?? []).flatMap((tool, index) => {
        const problem = toolProblem(tool, policy.toolTypes);
        return problem ? [`tool[${index}]: ${problem}`] : [];
      }),
    ];
  },
});

function customText(agent: Agent, tool: AgentTool): string {
  return (
    `agent "${agent.metadata.name}": the type "custom" of tool "${tool.name ?? ''}" is deprecated; ` +
    "write the Tool's real type (mcp, http, agent, team or builtin)"
  );
}

function toolProblem(tool: AgentTool, installed: readonly string[]): string | undefined {
  const known: readonly string[] = [...AGENT_TOOL_TYPES, ...installed];
  if (!known.includes(tool.type)) {
    return `unknown type "${tool.type}"; known types: ${known.filter((type) => type !== 'custom').join(', ')}`;
  }
  if (!tool.name) return `a tool of type ${tool.type} needs a name`;
  if (tool.type === 'built-in') {
    return BUILT_IN_TOOLS.includes(tool.name)
      ? undefined
      : `unsupported built-in tool "${tool.name}"; built-in tools: ${BUILT_IN_TOOLS.join(', ')}`;
  }
  const timeout = tool.approval?.timeout;
  if (timeout !== undefined && parseDuration(timeout) <= 0) return 'approval.timeout must be above zero';
  return undefined;
}
