import { RequestMalformedError, UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { Injectable } from '@nestjs/common';
import { resourceType } from '../../kit/index.js';
import { AccountUse } from '../../machinery/http/account-use.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { RequestScope } from '../../machinery/http/request-scope.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { isApproval } from '../../resources/a2a-task/approval.js';
import { queryNameLabel } from '../../resources/a2a-task/task-name.js';
import { waitsForAnswer } from '../../resources/a2a-task/task-phase.js';
import type { Query } from '../../resources/query/query.resource.js';
import { decisionInWords } from './decision-words.js';

/** Answers what Queries ask: each question is an A2ATask, and its `spec.input` is where the answer goes. */
@Injectable()
export class TaskAnswers {
  constructor(
    private readonly callers: CallersServer,
    private readonly scope: RequestScope,
    private readonly accounts: AccountUse,
  ) {}

  /**
   * Writes an answer to the oldest question that the Query shows and nobody has answered. Returns how many stay open.
   *
   * @throws UnsupportedOperationError when nothing is asked, or of somebody else, RequestMalformedError when the text is no answer
   */
  async give(query: Query, text: string): Promise<number> {
    const [task, ...others] = await this.open(query);
    const { name } = query.metadata;
    if (!task) throw new UnsupportedOperationError(`task '${name}' has been answered and is about to go on`);
    if (isApproval(task)) await this.mayDecide(query.metadata.namespace);
    await this.accounts.require(query.spec.serviceAccount, query.metadata.namespace);
    const input = isApproval(task) ? decisionInWords(text) : text;
    if (input === undefined) {
      throw new RequestMalformedError(`task '${name}' asks whether a tool may be called: answer approve or reject`);
    }
    const patch = { type: 'merge', body: { spec: { input } } } as const;
    await this.callers
      .get()
      .patch<A2ATask>(resourceType(A2ATask), task.metadata, patch, { fieldManager: 'ark-gateway' });
    return others.length;
  }

  /** Who asks an agent is not who answers for its tools: as at the REST door, that takes the right to change. */
  private async mayDecide(namespace: string | undefined): Promise<void> {
    const caller = this.scope.caller();
    if (!caller || (await caller.may('change', namespace))) return;
    throw new UnsupportedOperationError(
      `${caller.name} may not decide about calls of tools in namespace '${namespace}': ask somebody with the role editor`,
    );
  }

  /** Asked of the server: a copy of the tasks may be older than the one of the Query. */
  private async open({ metadata: { name, namespace }, status }: Query): Promise<A2ATask[]> {
    // Its agents may have asked more: one thing is asked after the other.
    const asked = status?.responses?.map(({ phase, a2a }) => phase === 'input-required' && a2a?.taskId);
    const labelSelector = Object.entries(queryNameLabel(name))
      .map((pair) => pair.join('='))
      .join(',');
    const { items } = await this.callers.get().list<A2ATask>(resourceType(A2ATask), { namespace, labelSelector });
    return items
      .filter((task) => task.spec.queryRef.name === name && asked?.includes(task.spec.taskId))
      .filter((task) => waitsForAnswer(task) && !task.spec.input?.trim())
      .toSorted((a, b) => (a.status?.startTime ?? '').localeCompare(b.status?.startTime ?? ''));
  }
}
