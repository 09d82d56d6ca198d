import { type Message, type Task, TaskState } from '@a2a-js/sdk';
import type { A2ATaskStatus, ProtocolState, TaskPhase } from '../../resources/a2a-task/a2a-task.resource.js';
import type { TaskMessage } from '../../resources/a2a-task/task-content.js';
import { withPhase } from '../../resources/a2a-task/task-phase.js';
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

/** What an A2ATask says about a task of the protocol. `asked` is what was said to the server, where that is known. */
export function statusOfTask(task: Task, asked: Message | undefined, before: A2ATaskStatus, now: Date): A2ATaskStatus {
  const [phase, protocolState] = STATES.get(task.status?.state ?? TaskState.UNRECOGNIZED) ?? ['unknown', 'unknown'];
  const said = task.status?.message;
  const text = readable(said?.parts);
  const history = withAsked(task.history, asked);
  const isNew = said !== undefined && said.parts.length > 0 && !history.some((one) => one.messageId === said.messageId);
  const heard = (isNew ? [...history, said] : history).map(taskMessage);
  const { metadata: protocolMetadata } = stringMap(task.metadata);
  return withPhase(phase, text, before, now, {
    protocolState,
    ...(task.contextId ? { contextId: task.contextId } : {}),
    ...fitted({
      history: asked ? heard : merged(before.history, heard),
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

/** Servers need not repeat what they were told. */
function withAsked(history: Message[], asked: Message | undefined): Message[] {
  return !asked || history.some(({ messageId }) => messageId === asked.messageId) ? history : [asked, ...history];
}

/** A look at a task may show less than what was heard before. Messages without an id are told apart by what they say. */
function merged(before: TaskMessage[] = [], heard: TaskMessage[]): TaskMessage[] {
  const idOf = (message: TaskMessage) => message.messageId ?? JSON.stringify(message);
  const known = new Map<string, number>();
  for (const message of before) known.set(idOf(message), (known.get(idOf(message)) ?? 0) + 1);
  const isNew = (message: TaskMessage) => {
    const times = known.get(idOf(message)) ?? 0;
    known.set(idOf(message), times - 1);
    return times <= 0;
  };
  return [...before, ...heard.filter(isNew)];
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
