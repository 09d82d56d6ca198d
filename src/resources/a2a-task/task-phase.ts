import { type ConditionUpdate, withCondition } from '../../kit/index.js';
import type { A2ATask, A2ATaskStatus, TaskPhase } from './a2a-task.resource.js';

type Words = [status: 'True' | 'False', reason: string, message: string];

const CONDITIONS: Record<TaskPhase, Words> = {
  pending: ['False', 'TaskNotStarted', 'The task has not begun'],
  assigned: ['False', 'TaskPending', 'The server has taken the task and has not begun'],
  running: ['False', 'TaskRunning', 'The task is being worked on'],
  'input-required': ['False', 'TaskInputRequired', 'The task waits for an answer'],
  'auth-required': ['False', 'TaskAuthRequired', 'The task waits for authorization'],
  completed: ['True', 'TaskSucceeded', 'The task has completed'],
  failed: ['True', 'TaskFailed', 'The task has failed'],
  cancelled: ['True', 'TaskCancelled', 'The task was cancelled'],
  unknown: ['False', 'TaskUnknown', 'The server names a state that is not known'],
};

/** Phases that a task never leaves. */
export const isEnded = (phase: TaskPhase | undefined): boolean =>
  phase === 'completed' || phase === 'failed' || phase === 'cancelled';

/** Whether the task is one of an A2A server, which goes on without us. */
export const isHosted = ({ spec }: A2ATask): boolean => spec.a2aServerRef !== undefined;

/** Whether the task goes on only after somebody answers. */
export const waitsForAnswer = ({ status }: A2ATask): boolean =>
  status?.phase === 'input-required' || status?.phase === 'auth-required';

/**
 * The status when the phase becomes this one. `text` is what is said about it; `news` is what the server told besides,
 * and without it the rest stays.
 */
export function withPhase(
  phase: TaskPhase,
  text: string,
  before: A2ATaskStatus,
  now: Date,
  news: Partial<A2ATaskStatus> = before,
  ended?: string,
): A2ATaskStatus {
  const [status, reason, message] = CONDITIONS[phase];
  const said = text.slice(0, 1_000) || message;
  const update: ConditionUpdate = { type: 'Completed', status, reason: ended ?? reason, message: said };
  return {
    ...news,
    phase,
    startTime: before.startTime ?? now.toISOString(),
    ...(isEnded(phase) ? { completionTime: before.completionTime ?? now.toISOString() } : {}),
    ...(phase === 'failed' ? { error: text || 'task failed' } : {}),
    conditions: withCondition(before.conditions, update, now),
  };
}

/** The status as it is written: it speaks of the task as it is now, of this generation. */
export function observed({ metadata: { generation } }: A2ATask, status: A2ATaskStatus): A2ATaskStatus {
  if (generation === undefined || !status.conditions) return status;
  return { ...status, conditions: status.conditions.map((one) => ({ ...one, observedGeneration: generation })) };
}
