import { defineExtensionPoint } from '../extension/extension-point.js';
import type { ToolResult } from '../tool/tool-result.js';
import type { ExecutionContext, ExecutionRequest } from './execution.js';
import type { Message, TokenUsage, ToolCall } from './message.js';

/** One thing an engine says while it works. */
export type EngineEvent =
  /** A piece of the answer, in order. All pieces after the last tool call together are the answer. */
  | { type: 'text'; text: string }
  /** A whole message of the run, for the transcript; does not add to the answer. */
  | { type: 'message'; message: Message }
  /** The agent calls a tool. The calls of one turn come together, before the first of their results. */
  | { type: 'tool-call'; call: ToolCall }
  /** What the tool said. Calls and results become messages of the transcript by themselves. */
  | { type: 'tool-result'; call: ToolCall; result: ToolResult }
  /** Tokens spent; several reports are summed. */
  | { type: 'usage'; usage: TokenUsage }
  /** The conversation the answer belongs to, when the engine chose it. */
  | { type: 'conversation'; conversationId: string };

/** Says a piece of the answer. */
export const text = (value: string): EngineEvent => ({ type: 'text', text: value });
/** Adds a message to the transcript of the run. */
export const message = (value: Message): EngineEvent => ({ type: 'message', message: value });
/** Says that the agent calls a tool. */
export const toolCall = (call: ToolCall): EngineEvent => ({ type: 'tool-call', call });
/** Says what a tool answered. */
export const toolResult = (call: ToolCall, result: ToolResult): EngineEvent => ({ type: 'tool-result', call, result });
/** Reports tokens spent. */
export const usage = (value: TokenUsage): EngineEvent => ({ type: 'usage', usage: value });

/**
 * Runs agents.
 *
 * Flow: the runtime resolves the Query, validates the options, calls `execute` and turns its events into the answer.
 * Guarantees: one call per attempt; `context.signal` is aborted on cancel and time-out; calls run concurrently, so
 * state of a call lives in the call.
 * Errors: throw; the text of an `ArkError` reaches the user, anything else is reported as a bug with its stack logged.
 */
export interface Engine<Options = Record<string, unknown>> {
  /** Answers one Query. The iterable ends with the answer; several may be under way at once. */
  execute(request: ExecutionRequest<Options>, context: ExecutionContext): AsyncIterable<EngineEvent>;
}

/** What an engine says of itself. */
export interface EngineOptions {
  /** What agents write in `spec.executionEngine.name`; a DNS label. The file is `<name>.engine.ts`. */
  name: string;
  /** One sentence for people. */
  description: string;
  /** Further names that agents may write for it. An engine that has such a name itself comes first. */
  aliases?: readonly string[];
  /** Of the engine, for people. Default: none. */
  version?: string;
  /** Whether `execute` yields text in pieces. Default: true. */
  streaming?: boolean;
  /** A class with class-validator decorators that describes `request.options`. */
  options?: new () => object;
}

/** The extension point of execution engines. */
export const engines = defineExtensionPoint<Engine<never>, EngineOptions>({ point: 'engine', methods: ['execute'] });

/**
 * Marks a class as an execution engine.
 *
 * @example
 * ```ts
 * @ExecutionEngine({ name: 'echo', description: 'Says it again' })
 * export class EchoEngine implements Engine {
 *   async *execute(request: ExecutionRequest): AsyncIterable<EngineEvent> {
 *     yield text(request.userInput.content);
 *   }
 * }
 * ```
 */
export const ExecutionEngine = engines.decorate;

/** An engine of this process with what it declared. */
export interface InstalledEngine {
  options: EngineOptions;
  engine: Engine;
}

/** The engines installed in this process; the registry fills it at start. */
export abstract class Engines {
  /** By its name or an alias; undefined when none is installed. */
  abstract get(name: string): InstalledEngine | undefined;
  /** Without aliases. */
  abstract names(): string[];
}
