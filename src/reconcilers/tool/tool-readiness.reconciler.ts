import {
  ArkError,
  errorText,
  follows,
  Next,
  type Reconcile,
  type ReconcileContext,
  Reconciler,
  ToolTypes,
} from '../../kit/index.js';
import { Agent } from '../../resources/agent/agent.resource.js';
import { MCPServer } from '../../resources/mcp-server/mcp-server.resource.js';
import { Team } from '../../resources/team/team.resource.js';
import { Tool } from '../../resources/tool/tool.resource.js';
import { Duties, othersDuty } from '../duties.js';
import { followValues } from '../follow-values.js';
import {
  callee,
  checkValues,
  firstLack,
  type Lack,
  serverOf,
  toolValues,
  usableStatus,
} from './tool-readiness.checks.js';

/** Says whether a Tool can be called: its type is installed, and whom and what it names is there. */
@Reconciler({
  name: 'tool-readiness',
  kind: Tool,
  follows: [
    follows<Tool>(MCPServer, serverOf),
    follows<Tool>(Agent, (tool) => callee(tool, 'agent')),
    follows<Tool>(Team, (tool) => callee(tool, 'team')),
    ...followValues(toolValues),
  ],
})
export class ToolReadinessReconciler implements Reconcile<Tool> {
  constructor(
    private readonly types: ToolTypes,
    private readonly duties: Duties,
  ) {}

  async reconcile(tool: Tool, context: ReconcileContext): Promise<Next> {
    if (tool.metadata.deletionTimestamp) return Next.onChange();
    const others = othersDuty(this.duties, tool);
    if (others) return others;
    const lack = firstLack(tool, this.types, context) ?? (await lacksValue(tool, context));
    await context.applyStatus(tool, lack ? { state: 'Error', message: lack.message } : usableStatus(tool, context));
    if (lack && tool.status?.message !== lack.message) context.event(tool, { type: 'Warning', ...lack });
    return Next.onChange();
  }
}

async function lacksValue(tool: Tool, context: ReconcileContext): Promise<Lack | undefined> {
  try {
    await checkValues(tool, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    return { reason: 'DependencyUnavailable', message: errorText(error) };
  }
}
