import { type Message, Role, type Task, TaskState, type TaskStatus } from '@a2a-js/sdk';
import { answerArtifact, textPart } from '../../engine-host/a2a-parts.js';
import { A2A_MESSAGE_ID } from '../../resources/labels.js';
import type { Query, QueryPhase } from '../../resources/query/query.resource.js';
import { queryInput } from '../../resources/query/query-input.js';
import { durationOr } from '../../resources/values/duration.js';

const STATES: Record<QueryPhase, TaskState> = {
  pending: TaskState.TASK_STATE_SUBMITTED,
  provisioning: TaskState.TASK_STATE_SUBMITTED,
  running: TaskState.TASK_STATE_WORKING,
  evaluating: TaskState.TASK_STATE_WORKING,
  'input-required': TaskState.TASK_STATE_INPUT_REQUIRED,
  done: TaskState.TASK_STATE_COMPLETED,
  error: TaskState.TASK_STATE_FAILED,
  canceled: TaskState.TASK_STATE_CANCELED,
};
const ENDS: readonly QueryPhase[] = ['done', 'error', 'canceled'];

export const phaseOf = ({ status }: Query): QueryPhase => status?.phase ?? 'pending';

/** Nothing will ever come of it any more. */
export const isTerminal = (query: Query): boolean => ENDS.includes(phaseOf(query));

/** Nothing more will come unless somebody acts. */
export const isSettled = (query: Query): boolean => isTerminal(query) || phaseOf(query) === 'input-required';

/** What the agent said in the end; a question, when it waits for one who answers. */
export const saidIn = ({ status }: Query): string => status?.response?.content ?? '';

/**
 * A Query as an A2A task. The Query is the truth and the task only its picture: so tasks survive restarts, and every
 * replica knows all of them.
 */
export function taskOf(query: Query): Task {
  const id = query.metadata.name;
  const contextId = contextOf(query);
  const done = phaseOf(query) === 'done';
  return {
    id,
    contextId,
    status: statusOf(query),
    artifacts: done ? [answerArtifact(saidIn(query))] : [],
    history: [asked(query, id, contextId), ...(done ? [agentSays(query, saidIn(query))] : [])],
    metadata: undefined,
  };
}

/** The conversation of a Query, as the caller named it: an agent elsewhere may know it by another name. */
export const contextOf = ({ spec, status }: Query): string => spec.conversationId ?? status?.conversationId ?? '';

/** How often the Query was taken up: it rises each time that an answer lets it go on. */
export const attemptOf = ({ status }: Query): number => status?.claim?.attempt ?? 0;

export function statusOf(query: Query): TaskStatus {
  const phase = phaseOf(query);
  const speaks = isSettled(query) && phase !== 'done';
  return {
    state: STATES[phase],
    message: speaks && saidIn(query) ? agentSays(query, saidIn(query)) : undefined,
    timestamp: changedAt(query),
  };
}

/** A message of the agent's side, the same one whenever it is shown. */
export function agentSays(query: Query, text: string): Message {
  const { name, uid } = query.metadata;
  return {
    messageId: `${uid}-answer`,
    role: Role.ROLE_AGENT,
    contextId: contextOf(query),
    taskId: name,
    parts: [textPart(text)],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
}

function asked({ metadata, spec }: Query, taskId: string, contextId: string): Message {
  return {
    messageId: metadata.annotations?.[A2A_MESSAGE_ID] ?? `${metadata.uid}-question`,
    role: Role.ROLE_USER,
    contextId,
    taskId,
    parts: [textPart(queryInput(spec))],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  };
}

/** The last moment that the Query tells of: its claim knows milliseconds, conditions and objects know seconds only. */
function changedAt(query: Query): string {
  const { metadata, status } = query;
  const begun = Date.parse(status?.claim?.since ?? '');
  const worked = isSettled(query) ? durationOr(status?.duration, 0) : 0;
  const texts = [metadata.creationTimestamp, status?.conditions?.[0]?.lastTransitionTime];
  const moments = [begun + worked, ...texts.map((text) => Date.parse(text ?? ''))].filter(Number.isFinite);
  return new Date(moments.length > 0 ? Math.max(...moments) : Date.now()).toISOString();
}
