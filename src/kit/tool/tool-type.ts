import type { EgressRules } from '../egress/egress-guard.js';
import { defineExtensionPoint } from '../extension/extension-point.js';
import type { Logger } from '../logger.js';
import type { McpConnections } from '../mcp/mcp-connection.js';
import type { Tracer } from '../tracing/tracer.js';
import type { ToolHints, ToolResult } from './tool-result.js';

/** A Tool object with every reference resolved. Its settings may hold secrets: never log them. */
export interface ToolConfig {
  /** The Tool object's name. */
  name: string;
  namespace: string;
  /** `spec.type`: the name of the extension that knows how to call it. */
  type: string;
  description: string;
  /** JSON Schema of the arguments object. */
  inputSchema: Record<string, unknown>;
  hints: ToolHints;
  /** The block of the spec named like the type, its value sources resolved. */
  settings: Record<string, unknown>;
  /** What in them came out of Secrets, whatever it is called: for `redactor`. Default: nothing. Never log it. */
  secrets?: readonly string[];
}

/** Asks another agent or team of the same namespace, within the depth, time and budget of the running Query. */
export interface Delegation {
  ask(target: { type: 'agent' | 'team'; name: string }, input: string): Promise<string>;
}

/** What a tool type may use during one call. */
export interface ToolContext {
  /** Aborted on cancel and on the call's time-out. */
  signal: AbortSignal;
  logger: Logger;
  /** Shows what the call does in the trace of the Query. Its `headers()` belong on every request to another service. */
  tracer: Tracer;
  /** Values of the Query's parameters by name. */
  queryParameters: Record<string, string>;
  /** The same for a repeated attempt at the same call: a key for side effects that must happen once. */
  idempotencyKey: string;
  /** Which addresses a tool may call from here: for `refuseEgress` and `guardedLookup`. */
  egress: EgressRules;
  /** Sessions with MCP servers. */
  mcp: McpConnections;
  /** Other agents and teams. */
  delegation: Delegation;
}

/**
 * Knows how to call one type of tool. It is reached through the tool gate only: allowlist, pinned parameters, argument
 * schema, approval, time-out and budget are checked before `call`.
 *
 * Connections it keeps open are closed in `onApplicationShutdown` of Nest and no earlier: Queries are worked on while the
 * process ends.
 *
 * Errors: throw `ArkError` for what the caller can act on; the gate turns it into an error result for the model.
 */
export interface ToolType {
  /** The arguments' schema where the type itself knows it. `tool.inputSchema` is what the Tool object says, `tool.settings` its block. */
  inputSchema?(tool: Omit<ToolConfig, 'hints'>): Record<string, unknown>;
  /** Calls the tool once, with arguments that fit its schema. */
  call(tool: ToolConfig, args: Record<string, unknown>, context: ToolContext): Promise<ToolResult>;
}

/** What a tool type says of itself. */
export interface ToolTypeOptions {
  /** What Tools write in `spec.type`. The file is `<name>.tool.ts`. */
  name: string;
  /** One sentence for people. */
  description: string;
  /** Whether results come from outside and are marked as data before a model reads them. Default: true. */
  external?: boolean;
  /**
   * Milliseconds of the longest call, for Tools whose settings name no `timeout`. Default: 30 000. `Infinity`: for as
   * long as the Query may run.
   */
  timeoutMs?: number;
}

/** The extension point of tool types. */
export const toolTypes = defineExtensionPoint<ToolType, ToolTypeOptions>({ point: 'tool', methods: ['call'] });

/** Marks a class as a type of tool. */
export const ProvidesTools = toolTypes.decorate;

/** A tool type of this process with what it declared. */
export interface InstalledToolType {
  options: ToolTypeOptions;
  tool: ToolType;
}

/** The tool types installed in this process. */
export abstract class ToolTypes {
  /** Undefined when none of that name is installed. */
  abstract get(name: string): InstalledToolType | undefined;
  abstract names(): string[];
}
