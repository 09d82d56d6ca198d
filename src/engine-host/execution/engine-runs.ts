import { Inject, Injectable, Optional } from '@nestjs/common';
import { GivenAnswers } from '../../dispatch/given-answers.js';
import { type EngineEvent, type InstalledEngine, McpConnections, Metrics, type Span, usage } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { priced } from '../../resources/model/model-prices.js';
import { RunDelegation } from '../../runtime/delegation/run-delegation.js';
import type { RunScope } from '../../runtime/delegation/run-scope.js';
import { ModelMetrics } from '../../runtime/models/model-metrics.js';
import { usageAttributes } from '../../runtime/models/model-spans.js';
import { ObservedModel } from '../../runtime/models/observed-model.js';
import type { GateRun } from '../../runtime/tool-gate/gate-run.js';
import { observedToolCall } from '../../runtime/tool-gate/observed-tool-call.js';
import { ToolGate } from '../../runtime/tool-gate/tool-gate.js';
import { ToolMetrics } from '../../runtime/tool-gate/tool-metrics.js';
import type { Resolved } from '../resolve/request-resolver.js';
import { EngineAnswer } from './engine-answer.js';
import { hearEngine } from './engine-events.js';
import { LentModel } from './lent-model.js';
import { personInput } from './person-input.js';
import { type CarryOut, NoMcp, RequestMcp } from './request-mcp.js';
import { runSpan } from './run-span.js';

/** Runs engines on requests: with tools behind the gate, a model that counts its turns, and other agents to ask. */
@Injectable()
export class EngineRuns {
  private readonly metrics: ModelMetrics;
  private readonly toolMetrics: ToolMetrics;

  constructor(
    private readonly gate: ToolGate,
    private readonly bugs: BugReports,
    metrics: Metrics,
    private readonly tracing: Tracing,
    private readonly answers: GivenAnswers,
    @Optional() @Inject(McpConnections) private readonly mcp: McpConnections = new NoMcp(),
  ) {
    this.metrics = new ModelMetrics(metrics);
    this.toolMetrics = new ToolMetrics(metrics);
  }

  /** @throws as {@link hearEngine} does */
  run(
    installed: InstalledEngine,
    resolved: Resolved,
    scope: RunScope,
    onEvent: (event: EngineEvent) => void = () => {},
  ): Promise<EngineAnswer> {
    const { name, attributes } = runSpan(installed.options.name, resolved.request);
    const work = async (span: Span) => {
      const answer = await this.execute(installed, resolved, scope, onEvent);
      span.set(usageAttributes(answer.usage));
      return answer;
    };
    return this.tracing.span(name, work, attributes);
  }

  private async execute(
    installed: InstalledEngine,
    resolved: Resolved,
    scope: RunScope,
    onEvent: (event: EngineEvent) => void,
  ): Promise<EngineAnswer> {
    const { request } = resolved;
    const { signal, deadline, logger, budget, idempotencyKey, journal, approvals } = scope;
    const gateRun = this.gateRun(resolved, scope);
    const { who } = gateRun;
    const tools = await this.gate.open(resolved.tools, gateRun);
    const { conversationId } = request;
    const borrower = [idempotencyKey, ...scope.path, request.target.name].join('/');
    const isExternal = (name: string) => tools.isExternal(name);
    const loan = { ...{ who, borrower, budget, journal, approvals }, conversationId, isExternal };
    const { model, name: agent, namespace } = request.agent;
    const { prices } = resolved;
    const observation = { provider: model?.provider ?? '', prices, metrics: this.metrics, tracing: this.tracing };
    const carryOut: CarryOut = (facts, call) => {
      budget.spendToolCall(who);
      const key = journal.nextKey('mcp', borrower, ...facts);
      const [server = '', tool = ''] = facts;
      const seen = { id: '', name: `${server}/${tool}`, type: 'mcp', args: facts[2] };
      const parts = { metrics: this.toolMetrics, tracing: this.tracing };
      return approvals.during(() => journal.once(key, () => observedToolCall(seen, parts, call)));
    };
    const context = {
      tracer: this.tracing,
      ...{ signal, deadline, logger, idempotencyKey, tools: resolved.offered ?? tools },
      model: async () => new LentModel(new ObservedModel(await resolved.model(), observation), loan),
      requestInput: personInput(this.answers, { name: request.target.name, namespace: request.agent.namespace }, scope),
      mcp: new RequestMcp(() => resolved.directServers(), this.mcp, carryOut),
    };
    const answer = new EngineAnswer(conversationId);
    const facts = { query: `${scope.query.metadata.namespace}/${scope.query.metadata.name}` };
    const execute = () => installed.engine.execute(request, context);
    const spender = { namespace, agent, model: model?.id ?? '' };
    const source = { engine: installed.options.name, execute, signal, bugs: this.bugs, facts };
    await hearEngine(source, (said) => {
      const event = said.type === 'usage' ? usage(priced(said.usage, prices)) : said;
      answer.add(event);
      if (event.type === 'usage') {
        scope.onUsage(event.usage);
        // What is only repeated was spent, and counted, before.
        if (!journal.isRepeating) this.metrics.spent(spender, event.usage);
      }
      onEvent(event);
    });
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
