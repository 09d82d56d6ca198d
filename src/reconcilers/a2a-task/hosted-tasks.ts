import type { A2ATask, A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';

/** Speaks with A2A servers about tasks that they hold. */
export abstract class HostedTasks {
  /**
   * What the server says about the task now; a task that it does not know any more has failed.
   *
   * @throws ArkError when the server cannot be asked
   */
  abstract look(task: A2ATask, signal: AbortSignal): Promise<A2ATaskStatus>;

  /** Asks the server to stop. @throws ArkError when it refuses or cannot be asked */
  abstract cancel(task: A2ATask, signal: AbortSignal): Promise<void>;
}
