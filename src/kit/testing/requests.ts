import type { ExecutionContext, ExecutionRequest } from '../engine/execution.js';
import type { Logger } from '../logger.js';
import type { CompletionRequest, ModelClient, ModelEvent } from '../model/model-provider.js';
import { noTracer } from '../tracing/tracer.js';

type Parts<Options> = Partial<Omit<ExecutionRequest<Options>, 'agent' | 'query' | 'userInput'>> & {
  agent?: Partial<ExecutionRequest['agent']>;
  query?: Partial<ExecutionRequest['query']>;
  /** What the user says. */
  text?: string;
};

/** A request as the runtime would make it, for specs of engines: agent `tester`, no model, no tools, no history. */
export function executionRequest<Options = Record<string, unknown>>(
  parts: Parts<Options> = {},
): ExecutionRequest<Options> {
  const { agent, query, text = 'Hello', ...rest } = parts;
  return {
    target: { type: 'agent', name: agent?.name ?? 'tester' },
    userInput: { role: 'user', content: text },
    history: [],
    mcpServers: [],
    conversationId: '',
    options: {} as Options,
    ...rest,
    agent: {
      name: 'tester',
      namespace: 'default',
      prompt: '',
      description: '',
      parameters: [],
      tools: [],
      labels: {},
      annotations: {},
      ...agent,
    },
    query: { name: 'question', namespace: 'default', uid: 'uid-1', sessionId: 'uid-1', annotations: {}, ...query },
  };
}

/** What the runtime lends an engine, for specs: a signal that is never aborted, a silent logger, no model, tools or people. */
export function executionContext(parts: Partial<ExecutionContext> = {}): ExecutionContext {
  return {
    signal: new AbortController().signal,
    deadline: new Date(Date.now() + 300_000),
    logger: silentLogger,
    tracer: noTracer,
    model: () => Promise.reject(new Error('this context was given no model')),
    tools: { list: () => [], call: async ({ name }) => ({ text: `tool '${name}' is not listed`, isError: true }) },
    mcp: { connect: () => Promise.reject(new Error('this context was given no MCP servers')) },
    requestInput: () => Promise.reject(new Error('this context was given no person to ask')),
    idempotencyKey: 'uid-1',
    ...parts,
  };
}

/** A model whose answers a spec writes itself. */
export function modelClient(
  complete: (request: CompletionRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>,
): ModelClient {
  return { config: { name: 'default', namespace: 'default', model: 'test-model' }, complete };
}

const ignore = () => {};

/** Says nothing. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLogger,
};
