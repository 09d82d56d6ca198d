import { type Artifact, type Message, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import { isSettled, readable } from '../answers.js';

/** A server that reports its progress all the time says nothing new. */
const LONGEST_HISTORY = 200;

/** Builds the answer from the events of `message/stream`, telling each new piece of text on the way. */
export class StreamAnswer {
  private message?: Message;
  private begun?: Task;
  private readonly artifacts = new Map<string, Artifact>();

  constructor(private readonly onText: (piece: string) => void) {}

  /** The task as far as it is known; undefined until the engine has named one. */
  get task(): Task | undefined {
    return this.begun && { ...this.begun, artifacts: [...this.artifacts.values()] };
  }

  add({ payload }: StreamResponse): void {
    if (payload?.$case === 'message') this.addMessage(payload.value);
    else if (payload?.$case === 'task') this.addTask(payload.value);
    else if (payload?.$case === 'artifactUpdate') {
      const { artifact, append, taskId, contextId } = payload.value;
      this.begin(taskId, contextId);
      if (artifact) this.addArtifact(artifact, append);
    } else if (payload?.$case === 'statusUpdate') {
      const { taskId, contextId, status, metadata } = payload.value;
      const task = this.begin(taskId, contextId);
      const before = task.status?.message;
      // A message of the status that follows another one becomes history.
      if (before?.parts.length && before.messageId !== status?.message?.messageId) this.remember(task, before);
      task.status = status;
      if (metadata) task.metadata = { ...task.metadata, ...metadata };
    }
  }

  /** The answer when the engine has ended; undefined when its last word was not an end. */
  answer(): Message | Task | undefined {
    if (this.message) return this.message;
    const { task } = this;
    return task && isSettled(task) ? task : undefined;
  }

  private addMessage(message: Message): void {
    this.onText(readable(message.parts));
    const parts = [...(this.message?.parts ?? []), ...message.parts];
    this.message = { ...message, parts };
  }

  private addTask(task: Task): void {
    this.begun = { ...task, history: [...task.history] };
    for (const artifact of task.artifacts) this.addArtifact(artifact, false);
  }

  private addArtifact(artifact: Artifact, append: boolean): void {
    const before = append ? this.artifacts.get(artifact.artifactId) : undefined;
    const piece = readable(artifact.parts);
    if (piece) this.onText(piece);
    this.artifacts.set(
      artifact.artifactId,
      before ? { ...before, parts: [...before.parts, ...artifact.parts] } : artifact,
    );
  }

  private begin(id: string, contextId: string): Task {
    const status = { state: TaskState.TASK_STATE_WORKING, message: undefined, timestamp: undefined };
    this.begun ??= { id, contextId, status, artifacts: [], history: [], metadata: undefined };
    return this.begun;
  }

  private remember(task: Task, message: Message): void {
    if (task.history.some(({ messageId }) => messageId === message.messageId)) return;
    task.history.push(message);
    if (task.history.length > LONGEST_HISTORY) task.history.shift();
  }
}
