import type { ServerCallContext } from '@a2a-js/sdk/server';
import type { EngineEvent, TokenUsage } from '../../kit/index.js';
import type { Floor } from '../../runtime/delegation/floor.js';
import type { Speaker } from '../../runtime/delegation/participant.js';

/** An engine calls a tool, or has its answer. */
export type ToolEvent = Extract<EngineEvent, { type: 'tool-call' | 'tool-result' }>;

/** What the caller of an engine brings besides the message: it never crosses a wire. */
export interface EngineCall {
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** Where the caller reached the endpoint, as cards name it. Absent within the process. */
  url?(): string;
  /** When the attempt is over. Absent: the Query's time-out, counted from its claim. */
  deadline?: Date;
  /** The same for every attempt at the Query. Default: the Query's uid. */
  idempotencyKey?: string;
  /** The message named no conversation: the contextId it carries is the SDK's invention. */
  newConversation?: boolean;
  /** Whether an earlier attempt at the Query was made. */
  again?: boolean;
  /** Id of the A2A task that carries the call. */
  taskId?: string;
  /** Learns whom a team waits for. */
  floor?: Floor;
  /** Hears each piece of the answer as it comes. */
  onText?(piece: string, speaker?: Speaker): void;
  /** Hears of each call of a tool and of each result. */
  onTool?(event: ToolEvent, speaker?: Speaker): void;
  /** Hears why a team ended. */
  onNote?(text: string, speaker?: Speaker): void;
  /** Hears of tokens as they are spent, also by a run that fails. */
  onUsage?(usage: TokenUsage): void;
}

const KEY = 'nest-ark.engine-call';

/** Puts the call into the A2A context, so that it passes through the SDK's request handler. */
export function withEngineCall(context: ServerCallContext, call: EngineCall): ServerCallContext {
  context.state.set(KEY, call);
  return context;
}

export function engineCallOf(context: ServerCallContext): EngineCall {
  return (context.state.get(KEY) as EngineCall | undefined) ?? { signal: new AbortController().signal };
}
