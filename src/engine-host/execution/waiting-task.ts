import { type Task, TaskState } from '@a2a-js/sdk';
import { QUERY_EXTENSION_REF } from '../../resources/labels.js';
import type { PersonNeeded } from '../../runtime/approval/person-needed.js';
import { agentMessage, taskStatus } from '../a2a-parts.js';

/** What the metadata of a task says that waits for a person: Ark's four keys of an approval, and the facts of our extension. */
export function waitingMetadata(needed: PersonNeeded, conversationId: string): Record<string, unknown> {
  return { ...needed.metadata(conversationId), [QUERY_EXTENSION_REF]: { conversationId, messages: [] } };
}

/** The answer of a run that waits for a person. */
export function waitingTask(needed: PersonNeeded, contextId: string): Task {
  const { taskId, text } = needed;
  return {
    id: taskId,
    contextId,
    status: taskStatus(TaskState.TASK_STATE_INPUT_REQUIRED, agentMessage({ text, contextId, taskId })),
    artifacts: [],
    history: [],
    metadata: waitingMetadata(needed, contextId),
  };
}
