import type { Logger } from '../logger.js';
import type { McpConnections } from '../mcp/mcp-connection.js';
import type { McpServerConfig } from '../mcp/mcp-server-config.js';
import type { ModelClient } from '../model/model-provider.js';
import type { ToolBox } from '../tool/tool-box.js';
import type { Tracer } from '../tracing/tracer.js';
import type { Message } from './message.js';

/** A template value of an agent, resolved. */
export interface Parameter {
  name: string;
  value: string;
}

/** A tool that an agent's manifest lists: the name the model sees, and the kind of tool. */
export interface AgentTool {
  name: string;
  /** `built-in`, `builtin`, `custom`, `mcp`, `http`, `agent` or `team`. */
  type: string;
}

/** The agent to act as, as its manifest says it, with every reference resolved. */
export interface AgentConfig {
  name: string;
  namespace: string;
  /** The system prompt with its parameters filled in. Empty text when the agent has none. */
  prompt: string;
  description: string;
  parameters: Parameter[];
  /** Every tool the manifest lists, of any kind. Those of MCP servers are also in `mcpServers`. */
  tools: AgentTool[];
  /** The Model object's name, when the agent has one. */
  model?: { name: string; namespace: string; provider: string; id: string };
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** JSON Schema the answer should satisfy. */
  outputSchema?: Record<string, unknown>;
}

/** Everything an engine needs to answer one Query. */
export interface ExecutionRequest<Options = Record<string, unknown>> {
  /** Whom the Query asks. For a model, `agent` is a bare one; for a tool, `context.tools` holds just that tool. */
  target: { type: 'agent' | 'team' | 'model' | 'tool'; name: string };
  agent: AgentConfig;
  userInput: Message;
  /** Earlier turns of the conversation, oldest first, without `userInput`. */
  history: Message[];
  mcpServers: McpServerConfig[];
  /** Threads several Queries together. Empty text: a single turn. */
  conversationId: string;
  query: { name: string; namespace: string; uid: string; sessionId: string; annotations: Record<string, string> };
  /** The engine's own settings, validated against the class it declared. */
  options: Options;
}

/** What the runtime lends an engine while it works on one request. */
export interface ExecutionContext {
  /** Aborted on cancel, on time-out and at shutdown. */
  signal: AbortSignal;
  /** When `signal` will be aborted with a time-out. */
  deadline: Date;
  logger: Logger;
  /** Shows what the engine does in the trace of the Query, and carries that on to services the engine calls. */
  tracer: Tracer;
  /** The agent's model with keys and headers applied. Throws `NotFound` when the agent has none. */
  model(): Promise<ModelClient>;
  /** The tools the agent may use, of every type, behind the tool gate. */
  tools: ToolBox;
  /**
   * Sessions with the MCP servers of the request and no others; each refuses tools that the agent does not list, and
   * those that only the tool gate may call, since it pins parameters or asks for approval.
   */
  mcp: McpConnections;
  /**
   * Asks the person behind the Query, and waits for the answer in words; it is never empty. The Query shows the question
   * (phase `input-required`) and rests, for days if need be, and across restarts. Once somebody answers (`ark answer`,
   * `spec.input` of the A2ATask, or a message through the gateway) `execute` is called again from its beginning: models,
   * tools and questions answer as they did before, so that the run comes back to this place and goes on. What an engine
   * does past `context` is done again.
   *
   * @param question what the person reads; the same words in the same order each time; at most 10 000 characters are shown
   * @throws `Invalid` for a question without words
   * @example
   * ```ts
   * const city = await context.requestInput('Which city?');
   * ```
   */
  requestInput(question: string): Promise<string>;
  /**
   * The same text for every attempt at the same Query: a key for side effects that must happen once. The second
   * attempt after a crash carries the same key.
   */
  idempotencyKey: string;
}
