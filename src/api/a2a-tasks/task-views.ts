import type { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';

/** A task in a list. */
export interface TaskItem {
  name: string;
  namespace: string;
  taskId: string;
  phase?: string;
  agentRef?: object;
  queryRef?: object;
  /** RFC 3339. */
  creationTimestamp?: string;
}

/** All of a task. */
export type TaskDetail = Omit<TaskItem, 'phase'> &
  Omit<A2ATask['spec'], 'taskId'> & { status?: A2ATask['status']; metadata: Pick<A2ATask['metadata'], 'labels'> };

export function taskItem({ metadata, spec, status }: A2ATask): TaskItem {
  const { name, namespace = '', creationTimestamp } = metadata;
  const { taskId, agentRef, queryRef } = spec;
  return { name, namespace, taskId, phase: status?.phase, agentRef, queryRef, creationTimestamp };
}

export function taskDetail(task: A2ATask): TaskDetail {
  const { phase: _phase, ...item } = taskItem(task);
  const { labels } = task.metadata;
  return { ...task.spec, ...item, status: task.status, metadata: { labels } } as TaskDetail;
}
