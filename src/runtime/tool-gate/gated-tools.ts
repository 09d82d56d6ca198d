import {
  ArkError,
  type Delegation,
  type EgressRules,
  errorText,
  type ToolBox,
  type ToolCall,
  type ToolContext,
  type ToolDescription,
  type ToolResult,
} from '../../kit/index.js';
import type { BugReports } from '../../machinery/observability/bug-reports.js';
import type { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { durationOr } from '../../resources/values/duration.js';
import { resolveParameters } from '../../resources/values/resolve-parameters.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import { endsRun } from '../budgets/run-budget.js';
import type { Objects } from '../objects.js';
import { withinLimit } from './call-limit.js';
import type { GateRun } from './gate-run.js';
import type { ListedTool } from './listed-tools.js';
import { observedToolCall } from './observed-tool-call.js';
import { pinnedValues } from './pinned-parameters.js';
import { boundedResult } from './result-bound.js';
import { resultFunctions } from './result-functions.js';
import { mergedArguments, parsedArguments, unpinned } from './tool-arguments.js';
import type { ToolMetrics } from './tool-metrics.js';
import { toolName } from './tool-name.js';
import type { ToolRefusals } from './tool-refusals.js';
import { resolvedSettings } from './tool-settings.js';

/** Milliseconds of the longest call, where neither the Tool nor its type says otherwise. */
const DEFAULT_LIMIT_MS = 30_000;

/** How long a person may think, where the manifest does not say. */
const DEFAULT_PATIENCE_MS = 3_600_000;
const FOREVER = Number.POSITIVE_INFINITY;
const DENIALS = {
  rejected: 'a person rejected the call. Do not try it again; go on without it, or say what is needed',
  expired: 'nobody approved the call in time. Do not try it again; go on without it, or say what is needed',
  void: 'the question whether it may be called was closed without an answer',
};

interface Parts {
  objects: Objects;
  refusals: ToolRefusals;
  bugs: BugReports;
  egress: EgressRules;
  metrics: ToolMetrics;
  tracing: Tracing;
}

/** The tools one agent may use during one run. */
export class GatedTools implements ToolBox {
  constructor(
    private readonly listed: ListedTool[] | ArkError,
    private readonly run: GateRun,
    private readonly parts: Parts,
  ) {}

  list(): ToolDescription[] {
    return this.tools().map(({ name, description, offered }) => ({ name, description, inputSchema: offered }));
  }

  /** Whether a tool speaks for the outside world. One that is not listed is taken to. */
  isExternal(name: string): boolean {
    const tool = this.listed instanceof ArkError ? undefined : this.find(name);
    return tool?.type.options.external !== false;
  }

  async call(call: ToolCall): Promise<ToolResult> {
    const { budget, signal, approvals, who } = this.run;
    signal.throwIfAborted();
    budget.spendToolCall(who);
    const tool = this.find(call.name);
    if (!tool) return this.refused(call);
    // A call that waits for a person stays open; the run ends under it.
    return withinLimit(() => approvals.during(() => this.answer(tool, call)), { signal, limitMs: FOREVER, what: '' });
  }

  private async answer(tool: ListedTool, call: ToolCall): Promise<ToolResult> {
    const { query, namespace, journal } = this.run;
    const settled = await this.orFailure(tool, async () => {
      const given = parsedArguments(call.arguments);
      const pinned = await pinnedValues(
        tool.entry.partial?.parameters,
        tool.config.inputSchema,
        query,
        namespace,
        this.parts.objects,
      );
      return { args: await mergedArguments(tool, given, pinned), shown: unpinned(given, pinned) };
    });
    if ('text' in settled) return settled;
    const { args, shown } = settled;
    const key = this.keyFor(tool, args);
    return journal.once(key, async () => {
      const denial = await this.denial(tool, key, { ...call, name: tool.name, arguments: JSON.stringify(shown) });
      if (denial) return denial;
      const work = async () => boundedResult(await this.carryOut(tool, args, key));
      const seen = { id: call.id, name: tool.name, type: tool.config.type, args: shown };
      return observedToolCall(seen, this.parts, () => this.orFailure(tool, work));
    });
  }

  /** What a person refused, as the model reads it; undefined for a call that may be made. */
  private async denial(tool: ListedTool, key: string, call: ToolCall): Promise<ToolResult | undefined> {
    const { approval } = tool.entry;
    if (!approval?.required) return undefined;
    const { approvals, agent } = this.run;
    const timeoutMs = durationOr(approval.timeout, DEFAULT_PATIENCE_MS) || DEFAULT_PATIENCE_MS;
    const { onTimeout = 'reject' } = approval;
    const verdict = await approvals.verdict({ key, call, agent, timeoutMs, onTimeout });
    if (verdict === 'granted') return undefined;
    return { text: `tool '${tool.name}' was not called: ${DENIALS[verdict]}`, isError: true };
  }

  private async carryOut(tool: ListedTool, args: Record<string, unknown>, key: string): Promise<ToolResult> {
    const { query, logger, delegation, mcp, signal, approvals } = this.run;
    const { config, entry, type } = tool;
    const { objects } = this.parts;
    const taken = new TakenSecrets(objects);
    const settings = await resolvedSettings(config, query, taken, this.run.serverOf);
    const idempotencyKey = [this.run.idempotencyKey, ...this.run.path, key].join(':');
    let asked = 0;
    const ask: Delegation['ask'] = (target, input) => {
      asked += 1;
      // Asked twice, the same agent may do the same thing twice on purpose.
      return approvals.whileWaiting(() => delegation.ask(target, input, `${idempotencyKey}:${asked}`));
    };
    const context: Omit<ToolContext, 'signal'> = {
      logger: logger.child({ tool: config.name }),
      tracer: this.parts.tracing,
      queryParameters: await resolveParameters(query.spec.parameters, query.metadata.namespace ?? '', objects, query),
      idempotencyKey,
      egress: this.parts.egress,
      mcp,
      delegation: { ask },
    };
    const stated = typeof settings.timeout === 'string' ? settings.timeout : undefined;
    const usual = type.options.timeoutMs ?? DEFAULT_LIMIT_MS;
    // A time-out of zero is none.
    const limitMs = durationOr(stated, usual) || usual;
    const result = await withinLimit(
      (limited) => type.tool.call({ ...config, settings, secrets: taken.texts }, args, { ...context, signal: limited }),
      {
        signal,
        limitMs,
        what: `tool '${tool.name}'`,
      },
    );
    if (result.isError || !entry.functions?.length) return result;
    return { ...result, text: await resultFunctions(entry.functions, result.text, this.run, objects) };
  }

  private refused(call: ToolCall): ToolResult {
    const { who, query, logger } = this.run;
    const known = this.tools().map(({ name }) => name);
    this.parts.refusals.record(query, `${who} does not list tool '${call.name.slice(0, 100)}'`, logger);
    const choice = known.length > 0 ? `tools you may call: ${known.join(', ')}` : 'you may call no tools';
    return { text: `there is no tool '${call.name.slice(0, 100)}'; ${choice}`, isError: true };
  }

  private async orFailure<T>(tool: ListedTool, work: () => Promise<T>): Promise<T | ToolResult> {
    try {
      return await work();
    } catch (error) {
      this.run.signal.throwIfAborted();
      if (endsRun(error)) throw error;
      return this.failed(tool, error);
    }
  }

  /** What a caller can act on is told to the model; anything else is a bug, and its text stays in the log. */
  private failed(tool: ListedTool, error: unknown): ToolResult {
    if (error instanceof ArkError) return { text: `tool '${tool.name}' failed: ${errorText(error)}`, isError: true };
    const { name, namespace } = this.run.query.metadata;
    this.parts.bugs.report(error, { query: `${namespace}/${name}`, tool: tool.config.name, type: tool.config.type });
    return { text: `tool '${tool.name}' failed with an internal error`, isError: true };
  }

  private keyFor(tool: ListedTool, args: Record<string, unknown>): string {
    const { journal, idempotencyKey, who, path } = this.run;
    return journal.nextKey('tool', idempotencyKey, ...path, who, tool.name, JSON.stringify(args));
  }

  private find(name: string): ListedTool | undefined {
    const wanted = toolName(name);
    return this.tools().find((tool) => tool.name === wanted);
  }

  private tools(): ListedTool[] {
    if (this.listed instanceof ArkError) throw this.listed;
    return this.listed;
  }
}
