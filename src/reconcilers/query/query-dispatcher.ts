import type { TokenUsage } from '../../kit/index.js';
import type { A2AReference, Query } from '../../resources/query/query.resource.js';

/** Which try of which Query a dispatch is. */
export interface QueryAttempt {
  /** The claim's id: new for every attempt. */
  id: string;
  /** 1 for the first attempt; above 1 an earlier holder died on the way. */
  number: number;
  /** The same text for every attempt at one Query, so that an engine recognises a repeat. */
  messageId: string;
  /** An A2A task that an earlier attempt began; follow it instead of sending the message again. */
  resumeTaskId?: string;
  /** Told of the task of another server that works on the Query, as soon as it is known and whenever it is spoken of. */
  onRemoteTask?(task: A2AReference): void;
  /** Told of tokens as engines of this process spend them, for a Query that ends before it is answered. */
  onUsage?(usage: TokenUsage): void;
}

/** A task of an engine that goes on only after somebody acts. */
export interface WaitingTask {
  id: string;
  contextId: string;
  /** As the protocol names it. */
  state: 'input-required' | 'auth-required';
  /** Texts only; an approval has `toolCalls`, `timeout`, `onTimeout` and `context`. */
  metadata: Record<string, string>;
}

/** What one target of a Query answered. */
export interface QueryOutcome {
  target: { type: string; name: string };
  /** The readable answer, or the text of the error. */
  content: string;
  /** JSON text: the chat messages of the run, or the error as a list with one object. */
  raw: string;
  phase: 'done' | 'error' | 'input-required' | 'canceled';
  a2a?: { contextId?: string; taskId?: string };
  /** What the phase `input-required` waits for. */
  task?: WaitingTask;
  tokenUsage?: TokenUsage;
  /** The id to continue the conversation with. */
  conversationId?: string;
  /** The conversation that holds the whole answer. Absent: none does. */
  keptIn?: string;
  /** Why the conversation will not remember this turn. Absent: it does. */
  memoryProblem?: string;
}

/**
 * Brings a claimed Query to whoever answers it.
 *
 * Guarantees: one outcome per target, in target order; writes nothing to the Query. Whoever calls keeps the clock: it
 * aborts the signal with a `Timeout` when the Query's time is over, and gets the answers that are finished by then.
 * Errors: a target that fails is an outcome with phase `error`; it throws only when no target can be named or the
 * signal was aborted.
 */
export abstract class QueryDispatcher {
  abstract dispatch(query: Query, attempt: QueryAttempt, signal: AbortSignal): Promise<QueryOutcome[]>;
}
