import { Next, type Reconcile, type ReconcileContext, Reconciler, ToolTypes } from '../../kit/index.js';
import { Tool, type ToolStatus } from '../../resources/tool/tool.resource.js';

const READY: ToolStatus = { state: 'Ready', message: 'Tool configuration is valid' };

/** Says whether anything in this process knows how to call a Tool. What the schema can judge is judged there. */
@Reconciler({ name: 'tool-readiness', kind: Tool })
export class ToolReadinessReconciler implements Reconcile<Tool> {
  constructor(private readonly types: ToolTypes) {}

  async reconcile(tool: Tool, context: ReconcileContext): Promise<Next> {
    if (tool.metadata.deletionTimestamp) return Next.onChange();
    const status = this.judge(tool);
    await context.applyStatus(tool, status);
    if (status.state !== 'Ready' && tool.status?.message !== status.message) {
      context.event(tool, { type: 'Warning', reason: 'ToolTypeNotInstalled', message: status.message ?? '' });
    }
    return Next.onChange();
  }

  private judge({ spec }: Tool): ToolStatus {
    if (this.types.get(spec.type)) return READY;
    const installed = this.types.names().join(', ') || 'none';
    return { state: 'Error', message: `no tool type '${spec.type}' is installed; installed: ${installed}` };
  }
}
