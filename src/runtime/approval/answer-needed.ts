import { RECORDED_FOR } from '../../resources/a2a-task/task-name.js';
import { PersonNeeded } from './person-needed.js';

/** A task of an engine or a server elsewhere that goes on only when somebody answers. */
export interface OpenTask {
  taskId: string;
  contextId?: string;
  /** Who asks. */
  agent: { name: string; namespace: string };
  /** The question in words. */
  text: string;
  /** The A2AServer that holds the task, and for which a record of it is kept already. */
  a2aServer?: string;
  /** Under which id people are asked; the task's own where that is absent. */
  askedAs?: string;
}

/** A run pauses because somebody elsewhere, whom it asked, asks back. */
export class AnswerNeeded extends PersonNeeded {
  constructor(
    taskId: string,
    readonly task: OpenTask,
  ) {
    super(taskId);
  }

  get text(): string {
    const { agent, text } = this.task;
    return `agent '${agent.namespace}/${agent.name}' asks: ${text}`;
  }

  metadata(): Record<string, string> {
    const { a2aServer, taskId } = this.task;
    return a2aServer === undefined || taskId !== this.taskId ? {} : { [RECORDED_FOR]: a2aServer };
  }
}
