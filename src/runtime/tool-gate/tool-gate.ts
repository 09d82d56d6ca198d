import { Injectable, Optional } from '@nestjs/common';
import { ArkError, type EgressRules, Metrics, ToolTypes } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { Settings } from '../../machinery/settings/settings.js';
import type { AgentTool } from '../../resources/agent/agent.resource.js';
import { Objects } from '../objects.js';
import type { GateRun } from './gate-run.js';
import { GatedTools } from './gated-tools.js';
import { listedTools } from './listed-tools.js';
import { ToolMetrics } from './tool-metrics.js';
import { ToolRefusals } from './tool-refusals.js';

/** The one way from anybody to a tool. Deny by default: only what a manifest lists can be seen and called. */
@Injectable()
export class ToolGate {
  private readonly egress: EgressRules;
  private readonly metrics: ToolMetrics;

  constructor(
    private readonly objects: Objects,
    private readonly types: ToolTypes,
    private readonly refusals: ToolRefusals,
    private readonly bugs: BugReports,
    metrics: Metrics,
    private readonly tracing: Tracing,
    @Optional() settings?: Settings,
  ) {
    this.metrics = new ToolMetrics(metrics);
    // In a cluster this machine is the runtime's own pod, which no resource has a reason to call.
    this.egress = { loopback: settings?.kubernetes !== 'in-cluster' };
  }

  /**
   * The tools of a manifest, for one run. A manifest that cannot be honoured is an error only for who asks for its
   * tools: an engine that calls none needs none.
   */
  async open(entries: readonly AgentTool[], run: GateRun): Promise<GatedTools> {
    const { refusals, bugs, egress, metrics, tracing } = this;
    const objects = await this.objects.seenBy(run.query);
    if (entries.length === 0) return new GatedTools([], run, { objects, refusals, bugs, egress, metrics, tracing });
    const listed = await listedTools(entries, run, objects, this.types).catch((error: unknown) => {
      if (error instanceof ArkError) return error;
      throw error;
    });
    return new GatedTools(listed, run, { objects, refusals, bugs, egress, metrics, tracing });
  }
}
