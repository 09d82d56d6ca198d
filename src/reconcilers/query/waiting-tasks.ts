import { invalid, type ReconcileContext } from '../../kit/index.js';
import { A2ATask, type A2ATaskStatus } from '../../resources/a2a-task/a2a-task.resource.js';
import { isApproval } from '../../resources/a2a-task/approval.js';
import type { TaskMessage } from '../../resources/a2a-task/task-content.js';
import { queryNameLabel, RECORDED_FOR, taskName } from '../../resources/a2a-task/task-name.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { StoredEnding } from './query-answer.js';
import type { QueryOutcome, WaitingTask } from './query-dispatcher.js';

/** Makes an A2ATask of each task that waits for somebody. Made again it stays as it is, with whatever was decided. */
export async function keepTasks(query: Query, ending: StoredEnding, context: ReconcileContext): Promise<void> {
  if (ending.kind !== 'answered') return;
  for (const { task, target, content } of ending.outcomes) {
    if (task && !task.metadata[RECORDED_FOR]) await keepTask(query, { task, target, content }, context);
  }
}

type Waiting = Required<Pick<QueryOutcome, 'task' | 'target' | 'content'>>;

async function keepTask(query: Query, { task, target, content }: Waiting, context: ReconcileContext): Promise<void> {
  const { name, namespace, uid = '' } = query.metadata;
  const metadata = { name: taskName(task.id), namespace };
  const there = context.get(A2ATask, metadata);
  if (there && there.spec.queryRef.name !== name) {
    throw invalid(
      `the engine calls its task '${task.id}', which is a task of query '${there.spec.queryRef.name}' already`,
    );
  }
  const owner = {
    apiVersion: query.apiVersion,
    kind: query.kind,
    name,
    uid,
    controller: false,
    blockOwnerDeletion: false,
  };
  const { timeout } = task.metadata;
  const stored = await context.apply<A2ATask>({
    apiVersion: query.apiVersion,
    kind: 'A2ATask',
    metadata: { ...metadata, labels: queryNameLabel(name), ownerReferences: [owner] },
    spec: {
      taskId: task.id,
      ...(task.contextId ? { contextId: task.contextId } : {}),
      queryRef: { name, namespace },
      agentRef: { name: target.name, namespace },
      ...(timeout ? { timeout } : {}),
    },
  });
  const asked = stored.status?.lastStatusMessage?.parts[0]?.text;
  // A task that asks for words may ask again, and then for something else.
  if (stored.status?.protocolMetadata && (isApproval(stored) || asked === content)) return;
  await context.replaceStatus(stored, statusOf(task, content, stored.status?.history ?? [], context.now()));
}

function statusOf(
  { id, contextId, state, metadata }: WaitingTask,
  said: string,
  before: TaskMessage[],
  at: Date,
): A2ATaskStatus {
  const now = at.toISOString();
  const message = {
    messageId: before.length > 0 ? `${id}-question-${before.length + 1}` : `${id}-question`,
    role: 'agent' as const,
    parts: [{ kind: 'text' as const, text: said }],
  };
  const condition = {
    type: 'Completed',
    status: 'False' as const,
    reason: 'TaskNotStarted',
    message: said,
    lastTransitionTime: now,
  };
  return {
    phase: state,
    protocolState: state,
    startTime: now,
    ...(contextId ? { contextId } : {}),
    history: [...before, message],
    lastStatusMessage: message,
    lastStatusTimestamp: now,
    protocolMetadata: metadata,
    conditions: [condition],
  };
}
