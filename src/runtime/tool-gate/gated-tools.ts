import { createHash } from 'node:crypto';
import {
  ArkError,
  type EgressRules,
  errorText,
  invalid,
  type ToolBox,
  type ToolCall,
  type ToolContext,
  type ToolDescription,
  type ToolResult,
} from '../../kit/index.js';
import type { BugReports } from '../../machinery/observability/bug-reports.js';
import { durationOr } from '../../resources/values/duration.js';
import { resolveParameters } from '../../resources/values/resolve-parameters.js';
import { APPROVAL_REQUIRED, endsRun } from '../budgets/run-budget.js';
import type { Objects } from '../objects.js';
import { withinLimit } from './call-limit.js';
import type { GateRun } from './gate-run.js';
import type { ListedTool } from './listed-tools.js';
import { pinnedValues } from './pinned-parameters.js';
import { boundedResult } from './result-bound.js';
import { resultFunctions } from './result-functions.js';
import { mergedArguments, parsedArguments } from './tool-arguments.js';
import { toolName } from './tool-name.js';
import type { ToolRefusals } from './tool-refusals.js';
import { resolvedSettings } from './tool-settings.js';

/** Milliseconds of the longest call, where neither the Tool nor its type says otherwise. */
const DEFAULT_LIMIT_MS = 30_000;

interface Parts {
  objects: Objects;
  refusals: ToolRefusals;
  bugs: BugReports;
  egress: EgressRules;
}

/** The tools one agent may use during one run. */
export class GatedTools implements ToolBox {
  /** How often each call was made with the same arguments, so that a repeated attempt gives the same keys. */
  private readonly made = new Map<string, number>();

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
    const { budget, signal } = this.run;
    signal.throwIfAborted();
    budget.spendToolCall();
    const tool = this.find(call.name);
    if (!tool) return this.refused(call);
    if (tool.entry.approval?.required) throw this.approvalNeeded(tool);
    try {
      const result = await this.answer(tool, call);
      return boundedResult(result);
    } catch (error) {
      signal.throwIfAborted();
      if (endsRun(error)) throw error;
      return this.failed(tool, error);
    }
  }

  private async answer(tool: ListedTool, call: ToolCall): Promise<ToolResult> {
    const { query, logger, delegation, mcp, signal } = this.run;
    const { config, entry, type } = tool;
    const given = parsedArguments(call.arguments);
    const parameters = entry.partial?.parameters;
    const { objects } = this.parts;
    const pinned = await pinnedValues(parameters, config.inputSchema, query, this.run.namespace, objects);
    const args = await mergedArguments(tool, given, pinned);
    const settings = await resolvedSettings(config, query, objects, this.run.serverOf);
    const context: Omit<ToolContext, 'signal'> = {
      logger: logger.child({ tool: config.name }),
      queryParameters: await resolveParameters(query.spec.parameters, query.metadata.namespace ?? '', objects, query),
      idempotencyKey: this.keyFor(tool, args),
      egress: this.parts.egress,
      mcp,
      delegation,
    };
    const stated = typeof settings.timeout === 'string' ? settings.timeout : undefined;
    const usual = type.options.timeoutMs ?? DEFAULT_LIMIT_MS;
    // A time-out of zero is none.
    const limitMs = durationOr(stated, usual) || usual;
    const result = await withinLimit(
      (limited) => type.tool.call({ ...config, settings }, args, { ...context, signal: limited }),
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

  private approvalNeeded(tool: ListedTool): ArkError {
    const { who, query, logger } = this.run;
    const message =
      `${who} wants to call tool '${tool.name}', which needs a human's approval, and this version cannot ask for one: ` +
      'the call is refused. Remove approval from the tool in spec.tools to allow it without one';
    this.parts.refusals.record(query, message, logger);
    return invalid(message, { reason: APPROVAL_REQUIRED });
  }

  /** What a caller can act on is told to the model; anything else is a bug, and its text stays in the log. */
  private failed(tool: ListedTool, error: unknown): ToolResult {
    if (error instanceof ArkError) return { text: `tool '${tool.name}' failed: ${errorText(error)}`, isError: true };
    const { name, namespace } = this.run.query.metadata;
    this.parts.bugs.report(error, { query: `${namespace}/${name}`, tool: tool.config.name, type: tool.config.type });
    return { text: `tool '${tool.name}' failed with an internal error`, isError: true };
  }

  private keyFor(tool: ListedTool, args: Record<string, unknown>): string {
    const digest = createHash('sha256')
      .update(`${tool.name}\n${JSON.stringify(args)}`)
      .digest('hex')
      .slice(0, 24);
    const times = (this.made.get(digest) ?? 0) + 1;
    this.made.set(digest, times);
    return [this.run.idempotencyKey, ...this.run.path, digest, times].join(':');
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
