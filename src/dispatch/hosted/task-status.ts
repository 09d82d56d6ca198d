import { type Message, type Task, TaskState } from '@a2a-js/sdk';
import { type ConditionUpdate, withCondition } from '../../kit/index.js';
import type { A2ATaskStatus, ProtocolState, TaskPhase } from '../../resources/a2a-task/a2a-task.resource.js';
import type { TaskMessage } from '../../resources/a2a-task/task-content.js';
import { readable } from '../answers.js';
import { stringMap, taskArtifact, taskMessage } from './task-parts.js';

/** Bytes of JSON that a task's content may take; etcd takes requests of 1.5 MiB. */
const LARGEST_CONTENT = 512 * 1024;

const STATES = new Map<TaskState, [phase: TaskPhase, state: ProtocolState]>([
  [TaskState.TASK_STATE_SUBMITTED, ['assigned', 'submitted']],
  [TaskState.TASK_STATE_WORKING, ['running', 'working']],
  [TaskState.TASK_STATE_INPUT_REQUIRED, ['input-required', 'input-required']],
  [TaskState.TASK_STATE_AUTH_REQUIRED, ['auth-required', 'auth-required']],
  [TaskState.TASK_STATE_COMPLETED, ['completed', 'completed']],
  [TaskState.TASK_STATE_FAILED, ['failed', 'failed']],
  [TaskState.TASK_STATE_REJECTED, ['failed', 'rejected']],
  [TaskState.TASK_STATE_CANCELED, ['cancelled', 'canceled']],
]);

const CONDITIONS: Partial<Record<TaskPhase, [status: 'True' | 'False', reason: string, message: string]>> = {
  assigned: ['False', 'TaskPending', 'The server has taken the task and has not begun'],
  running: ['False', 'TaskRunning', 'The task is being worked on'],
  'input-required': ['False', 'TaskInputRequired', 'The task waits for an answer'],
  'auth-required': ['False', 'TaskAuthRequired', 'The task waits for authorization'],
  completed: ['True', 'TaskSucceeded', 'The task has completed'],
  failed: ['True', 'TaskFailed', 'The task has failed'],
  cancelled: ['True', 'TaskCancelled', 'The task was cancelled'],
};

/** Phases that a task never leaves. */
export const isEnded = (phase: TaskPhase | undefined): boolean =>
  phase === 'completed' || phase === 'failed' || phase === 'cancelled';

/** What an A2ATask says about a task of the protocol. `asked` is what was said to the server. */
export function statusOfTask(task: Task, asked: Message, before: A2ATaskStatus, now: Date): A2ATaskStatus {
  const [phase, protocolState] = STATES.get(task.status?.state ?? TaskState.UNRECOGNIZED) ?? ['unknown', 'unknown'];
  const said = task.status?.message;
  const text = readable(said?.parts);
  const history = task.history.some(({ messageId }) => messageId === asked.messageId)
    ? task.history
    : [asked, ...task.history];
  const isNew = said !== undefined && said.parts.length > 0 && !history.some((one) => one.messageId === said.messageId);
  const { metadata: protocolMetadata } = stringMap(task.metadata);
  return withPhase(phase, text, before, now, {
    protocolState,
    ...(task.contextId ? { contextId: task.contextId } : {}),
    ...fitted({
      history: (isNew ? [...history, said] : history).map(taskMessage),
      artifacts: task.artifacts.filter(({ parts }) => parts.length > 0).map(taskArtifact),
    }),
    ...(said?.parts.length ? { lastStatusMessage: fittedMessage(taskMessage(said)) } : {}),
    ...(task.status?.timestamp ? { lastStatusTimestamp: task.status.timestamp } : {}),
    ...(protocolMetadata ? { protocolMetadata } : {}),
  });
}

/** What an A2ATask says about an exchange of two messages: it is over. */
export function statusOfMessage(answer: Message, asked: Message, before: A2ATaskStatus, now: Date): A2ATaskStatus {
  const history = [asked, answer].map(taskMessage);
  return withPhase('completed', '', before, now, {
    protocolState: 'completed',
    ...(answer.contextId ? { contextId: answer.contextId } : {}),
    ...fitted({ history, artifacts: [] }),
  });
}

/** The status that follows when the phase becomes another one without news from the server. */
export function withPhase(
  phase: TaskPhase,
  text: string,
  before: A2ATaskStatus,
  now: Date,
  news: Partial<A2ATaskStatus> = before,
): A2ATaskStatus {
  const [status, reason, message] = CONDITIONS[phase] ?? [
    'False',
    'TaskUnknown',
    'The server names a state that is not known',
  ];
  const update: ConditionUpdate = { type: 'Completed', status, reason, message: text.slice(0, 1_000) || message };
  const startTime = before.startTime ?? now.toISOString();
  return {
    ...news,
    phase,
    startTime,
    ...(isEnded(phase) ? { completionTime: before.completionTime ?? now.toISOString() } : {}),
    ...(phase === 'failed' ? { error: text || 'task failed' } : {}),
    conditions: withCondition(before.conditions, update, now),
  };
}

type Content = Pick<A2ATaskStatus, 'history' | 'artifacts'>;

/** The content, without the oldest of it where all of it is too much for an object. */
function fitted({ history = [], artifacts = [] }: Content): Content {
  const kept = { history: [...history], artifacts: [...artifacts] };
  while (Buffer.byteLength(JSON.stringify(kept)) > LARGEST_CONTENT) {
    if (kept.history.length > 2) kept.history.splice(1, Math.ceil((kept.history.length - 2) / 2));
    else if (kept.artifacts.length > 1) kept.artifacts.splice(0, Math.ceil((kept.artifacts.length - 1) / 2));
    else return { history: kept.history.map(fittedMessage), artifacts: [] };
  }
  return { history: kept.history, ...(kept.artifacts.length > 0 ? { artifacts: kept.artifacts } : {}) };
}

function fittedMessage(message: TaskMessage): TaskMessage {
  if (Buffer.byteLength(JSON.stringify(message)) <= LARGEST_CONTENT / 8) return message;
  const text = message.parts
    .map((part) => part.text ?? '')
    .join('')
    .slice(0, 8_192);
  return { role: message.role, parts: [{ kind: 'text', text: `${text} [the rest was too large to be kept]` }] };
}
