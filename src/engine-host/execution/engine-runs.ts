import { Inject, Injectable, Optional } from '@nestjs/common';
import { type EngineEvent, type InstalledEngine, McpConnections, Metrics } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { RunDelegation } from '../../runtime/delegation/run-delegation.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';
import type { GateRun } from '../../runtime/tool-gate/gate-run.js';
import { ToolGate } from '../../runtime/tool-gate/tool-gate.js';
import type { Resolved } from '../resolve/request-resolver.js';
import { EngineAnswer } from './engine-answer.js';
import { engineEvents } from './engine-events.js';
import { LentModel } from './lent-model.js';
import { ModelMetrics } from './model-metrics.js';
import { type CarryOut, NoMcp, RequestMcp } from './request-mcp.js';

/** Runs engines on requests: with tools behind the gate, a model that counts its turns, and other agents to ask. */
@Injectable()
export class EngineRuns {
  private readonly metrics: ModelMetrics;

  constructor(
    private readonly gate: ToolGate,
    private readonly bugs: BugReports,
    metrics: Metrics,
    @Optional() @Inject(McpConnections) private readonly mcp: McpConnections = new NoMcp(),
  ) {
    this.metrics = new ModelMetrics(metrics);
  }

  /** @throws as {@link engineEvents} does */
  async run(
    installed: InstalledEngine,
    resolved: Resolved,
    scope: RunScope,
    onEvent: (event: EngineEvent) => void = () => {},
  ): Promise<EngineAnswer> {
    const { request } = resolved;
    const { signal, deadline, logger, budget, idempotencyKey, journal, approvals } = scope;
    const tools = await this.gate.open(resolved.tools, this.gateRun(resolved, scope));
    const { conversationId } = request;
    const borrower = [idempotencyKey, ...scope.path, request.target.name].join('/');
    const isExternal = (name: string) => tools.isExternal(name);
    const provider = request.agent.model?.provider ?? '';
    const loan = { borrower, budget, journal, approvals, conversationId, isExternal, provider, metrics: this.metrics };
    const carryOut: CarryOut = (facts, call) => {
      budget.spendToolCall();
      const key = journal.nextKey('mcp', borrower, ...facts);
      return approvals.during(() => journal.once(key, call));
    };
    const context = {
      ...{ signal, deadline, logger, idempotencyKey, tools: resolved.offered ?? tools },
      model: async () => new LentModel(await resolved.model(), loan),
      mcp: new RequestMcp(() => resolved.directServers(), this.mcp, carryOut),
    };
    const answer = new EngineAnswer(conversationId);
    const facts = { query: `${scope.query.metadata.namespace}/${scope.query.metadata.name}` };
    const execute = () => installed.engine.execute(request, context);
    for await (const event of engineEvents({
      engine: installed.options.name,
      execute,
      signal,
      bugs: this.bugs,
      facts,
    })) {
      answer.add(event);
      if (event.type === 'usage') {
        scope.onUsage(event.usage);
        // What is only repeated was spent, and counted, before.
        if (!journal.isRepeating) this.metrics.spent(request.agent, event.usage);
      }
      onEvent(event);
    }
    return answer;
  }

  private gateRun({ request, serverOf }: Resolved, scope: RunScope): GateRun {
    const { target, agent } = request;
    const asker = target.type === 'agent' ? target.name : undefined;
    return {
      ...scope,
      who: `${target.type} '${agent.namespace}/${target.name}'`,
      namespace: agent.namespace,
      agent: { name: target.name, namespace: agent.namespace },
      delegation: new RunDelegation(scope, asker),
      mcp: this.mcp,
      serverOf,
    };
  }
}
