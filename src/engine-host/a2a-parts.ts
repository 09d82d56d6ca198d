import { randomUUID } from 'node:crypto';
import { type Artifact, type Message, type Part, Role, type Task, TaskState, type TaskStatus } from '@a2a-js/sdk';

/** A text as an A2A part. */
export const textPart = (value: string): Part => ({
  content: { $case: 'text', value },
  metadata: undefined,
  filename: '',
  mediaType: 'text/plain',
});

/** All text parts together, without anything between them. */
export const textOf = (parts: Part[] | undefined): string =>
  (parts ?? []).map((part) => (part.content?.$case === 'text' ? part.content.value : '')).join('');

interface Said {
  text: string;
  messageId?: string;
  contextId: string;
  taskId?: string;
  metadata?: Record<string, unknown>;
  extensions?: string[];
}

/** A message from the agent's side. */
export const agentMessage = (said: Said): Message => ({
  messageId: said.messageId ?? randomUUID(),
  role: Role.ROLE_AGENT,
  contextId: said.contextId,
  taskId: said.taskId ?? '',
  parts: [textPart(said.text)],
  metadata: said.metadata,
  extensions: said.extensions ?? [],
  referenceTaskIds: [],
});

export const taskStatus = (state: TaskState, message?: Message): TaskStatus => ({
  state,
  message,
  timestamp: new Date().toISOString(),
});

/** A task that has just begun. */
export const workingTask = (id: string, contextId: string, history: Message[]): Task => ({
  id,
  contextId,
  status: taskStatus(TaskState.TASK_STATE_WORKING),
  artifacts: [],
  history,
  metadata: undefined,
});

/** A piece of the answer, or all of it. It holds a part whatever it says: an artifact without one is none. */
export const answerArtifact = (text: string): Artifact => ({
  artifactId: 'answer',
  name: 'answer',
  description: '',
  parts: [textPart(text)],
  metadata: undefined,
  extensions: [],
});
