import { type Message, Role, type SendMessageRequest } from '@a2a-js/sdk';
import { textPart } from '../engine-host/a2a-parts.js';
import type { ToolEvent } from '../engine-host/execution/engine-call.js';
import type { TokenUsage } from '../kit/index.js';
import { QUERY_EXTENSION, QUERY_EXTENSION_REF } from '../resources/labels.js';
import type { A2AReference, Query } from '../resources/query/query.resource.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import type { Floor } from '../runtime/delegation/floor.js';
import type { Speaker } from '../runtime/delegation/participant.js';
import type { Reply } from './given-answers.js';

/** One target of one attempt at a Query, on its way to an engine. */
export interface TargetCall {
  query: Query;
  target: QueryTarget;
  /** What the user says, parameters filled in. */
  text: string;
  messageId: string;
  /** The conversation to continue; absent for a new one. */
  conversationId?: string;
  /** Set for an agent that others ask while they work on the Query; its own conversation, empty text for none. */
  asked?: { thread: string };
  /** A task of an earlier attempt to follow instead of asking again. */
  resumeTaskId?: string;
  /** What somebody answered to that task, which goes on with it; it need not be followed then. */
  reply?: Reply;
  /** Whether an earlier attempt at the Query was made. */
  again?: boolean;
  /** Told of the engine's task, when the engine is outside this process. */
  onRemoteTask?(task: A2AReference): void;
  /** Aborted on cancel, and at the deadline with a `Timeout`. */
  signal: AbortSignal;
  deadline: Date;
  /** Learns whom a team of this process waits for. */
  floor?: Floor;
  onText(piece: string, speaker?: Speaker): void;
  /** Hears of tools that an engine of this process calls. */
  onTool?(event: ToolEvent, speaker?: Speaker): void;
  /** Hears why a team ended. */
  onNote?(text: string, speaker?: Speaker): void;
  /** Hears of tokens that an engine of this process spends, also when it fails. */
  onUsage?(usage: TokenUsage): void;
}

/** The A2A message to an engine. The Query's name is all it carries of the cluster. */
export function messageFor(call: TargetCall): SendMessageRequest {
  const { name, namespace } = call.query.metadata;
  const ref = { name, namespace, ...addressee(call) };
  const { reply } = call;
  const message: Message = {
    messageId: reply ? `${call.messageId}-${reply.id}` : call.messageId,
    contextId: (reply ? reply.contextId : call.conversationId) ?? '',
    taskId: (reply && call.resumeTaskId) ?? '',
    role: Role.ROLE_USER,
    parts: [textPart(reply?.text ?? call.text)],
    metadata: { [QUERY_EXTENSION_REF]: ref },
    extensions: [QUERY_EXTENSION],
    referenceTaskIds: [],
  };
  const configuration = {
    acceptedOutputModes: [],
    returnImmediately: false,
    historyLength: undefined,
    taskPushNotificationConfig: undefined,
  };
  return { tenant: '', message, configuration, metadata: undefined };
}

/** Named where the Query itself leaves it open, and where it names somebody else. */
function addressee({ query, target, asked }: TargetCall): object {
  if (asked) return { target, ...(asked.thread ? { conversationId: asked.thread } : {}) };
  return namesOne(query) ? {} : { target };
}

/** Whether the Query itself says who is meant; only else the message has to. */
function namesOne({ spec }: Query): boolean {
  return spec.target !== undefined && !Array.isArray(spec.target) && (spec.targets?.length ?? 0) <= 1;
}
