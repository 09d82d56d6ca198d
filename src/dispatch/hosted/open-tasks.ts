import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { queryNameLabel } from '../../resources/a2a-task/task-name.js';
import { waitsForAnswer } from '../../resources/a2a-task/task-phase.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Objects } from '../../runtime/objects.js';

/** Whom a task must belong to. */
export interface Party {
  agent: string;
  server: string;
}

/** The task that an earlier attempt at this Query began: the one with this id, else the newest of several. */
export async function ownTask(
  query: Query,
  party: Party,
  objects: Objects,
  taskId?: string,
): Promise<A2ATask | undefined> {
  // The first attempt has none.
  if ((query.status?.claim?.attempt ?? 1) <= 1) return undefined;
  const { name, namespace = '', uid } = query.metadata;
  const tasks = await objects.list(A2ATask, { namespace, labels: queryNameLabel(name) });
  const own = tasks.filter((task) => isOf(task, party) && isOwnedBy(task, uid) && task.spec.taskId !== uid);
  return newest(taskId === undefined ? own : own.filter(({ spec }) => spec.taskId === taskId));
}

/** The task of a conversation that waits for an answer. */
export async function taskOfContext(
  contextId: string,
  namespace: string,
  party: Party,
  objects: Objects,
): Promise<A2ATask | undefined> {
  const tasks = await objects.list(A2ATask, { namespace });
  return newest(tasks.filter((task) => isOf(task, party) && task.spec.contextId === contextId && waitsForAnswer(task)));
}

const isOf = ({ spec }: A2ATask, { agent, server }: Party) =>
  spec.a2aServerRef?.name === server && spec.agentRef.name === agent;

const isOwnedBy = ({ metadata }: A2ATask, uid: string | undefined) =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;

function newest(tasks: A2ATask[]): A2ATask | undefined {
  const startOf = ({ status, metadata }: A2ATask) => Date.parse(status?.startTime ?? metadata.creationTimestamp ?? '');
  return tasks.sort((a, b) => startOf(b) - startOf(a))[0];
}
