import { Injectable } from '@nestjs/common';
import { resourceType } from '../kit/index.js';
import { ApiServer } from '../kube/api-server/api-server.js';
import { StatusError } from '../kube/api-server/status.js';
import { A2ATask } from '../resources/a2a-task/a2a-task.resource.js';
import { isApproval } from '../resources/a2a-task/approval.js';
import { ownTaskName, taskName } from '../resources/a2a-task/task-name.js';
import { waitsForAnswer } from '../resources/a2a-task/task-phase.js';
import type { Query } from '../resources/query/query.resource.js';

/** What somebody answered to the question of a task. */
export interface Reply {
  text: string;
  /** Another one for every answer. */
  id: string;
  /** The conversation of the task at its engine. */
  contextId?: string;
}

/**
 * Takes the answer out of a task that waits for one, and says what is left; undefined while there is none. What somebody
 * writes in the same moment is not lost: it is taken in its stead.
 */
export async function takeAnswer(
  server: Pick<ApiServer, 'get' | 'patch'>,
  task: A2ATask,
): Promise<{ reply: Reply; left: A2ATask } | undefined> {
  const type = resourceType(A2ATask);
  for (let known = task; waitsForAnswer(known); ) {
    const { input = '', contextId } = known.spec;
    if (!input.trim()) return undefined;
    const { name, namespace, resourceVersion: id = '' } = known.metadata;
    const body = { metadata: { resourceVersion: id }, spec: { input: null } };
    try {
      const left = await server.patch<A2ATask>(type, { name, namespace }, { type: 'merge', body });
      return { reply: { text: input, id, ...(contextId ? { contextId } : {}) }, left };
    } catch (error) {
      if (!StatusError.is(error, 'Conflict')) throw error;
      known = await server.get<A2ATask>(type, { name, namespace });
    }
  }
  return undefined;
}

/** Answers that people gave to tasks of engines elsewhere. */
@Injectable()
export class GivenAnswers {
  constructor(private readonly server: ApiServer) {}

  /**
   * The answer to a task of the Query. It is taken: the next question waits for the next answer. `open` while there is
   * none; undefined where no A2ATask of the Query asks for words.
   */
  async take(query: Query, taskId: string): Promise<Reply | 'open' | undefined> {
    const task = await this.find(query, taskId);
    if (!task || isApproval(task) || !waitsForAnswer(task)) return undefined;
    return (await takeAnswer(this.server, task))?.reply ?? 'open';
  }

  /** Asked of the server: an answer that was taken must not be seen again. */
  private async find({ metadata }: Query, taskId: string): Promise<A2ATask | undefined> {
    const { name: query, namespace, uid = '' } = metadata;
    for (const name of [taskName(taskId), ownTaskName(taskId, uid)]) {
      try {
        const task = await this.server.get<A2ATask>(resourceType(A2ATask), { namespace, name });
        const owners = task.metadata.ownerReferences;
        if (task.spec.queryRef.name === query && (owners?.some((owner) => owner.uid === uid) ?? true)) return task;
      } catch (error) {
        if (!StatusError.is(error, 'NotFound')) throw error;
      }
    }
    return undefined;
  }
}
