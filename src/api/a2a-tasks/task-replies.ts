import { Injectable } from '@nestjs/common';
import { ArkError, keyText, type ObjectKey, resourceType } from '../../kit/index.js';
import { StatusError } from '../../kube/api-server/status.js';
import { AccountUse } from '../../machinery/http/account-use.js';
import { CallersServer } from '../../machinery/http/callers-server.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { isApproval } from '../../resources/a2a-task/approval.js';
import { ANSWERED_BY } from '../../resources/labels.js';
import { Query } from '../../resources/query/query.resource.js';

const WAITING: readonly unknown[] = ['input-required', 'auth-required'];
const MANAGER = { fieldManager: 'ark-api' };

interface Reply {
  input: string;
  /** Who gives it. */
  by?: string;
}

/** Writes what a person says into the task that waits for it; reconcilers do the rest. */
@Injectable()
export class TaskReplies {
  constructor(
    private readonly callers: CallersServer,
    private readonly accounts: AccountUse,
  ) {}

  get(key: ObjectKey): Promise<A2ATask> {
    return this.callers.get().get<A2ATask>(resourceType(A2ATask), key);
  }

  /** @throws Conflict for a task that waits for no decision */
  decide(key: ObjectKey, decision: 'approved' | 'rejected', by?: string): Promise<A2ATask> {
    return this.write(key, { input: JSON.stringify({ decision }), by }, (task) =>
      isApproval(task) ? undefined : 'asks for words, not for a decision: post them to …/answer',
    );
  }

  /** @throws Conflict for a task that waits for no words */
  answer(key: ObjectKey, text: string, by?: string): Promise<A2ATask> {
    return this.write(key, { input: text, by }, (task) =>
      isApproval(task) ? 'asks whether a tool may be called: post the decision to …/approval' : undefined,
    );
  }

  private async write(
    key: ObjectKey,
    { input, by }: Reply,
    misfit: (task: A2ATask) => string | undefined,
  ): Promise<A2ATask> {
    const type = resourceType(A2ATask);
    const task = await this.get(key);
    await this.accounts.require(await this.accountOf(task), key.namespace);
    const phase = task.status?.phase ?? 'pending';
    const problem = WAITING.includes(phase) ? misfit(task) : `waits for nobody: it is ${phase}`;
    if (problem) throw new ArkError('Conflict', `A2ATask '${keyText(key)}' ${problem}`);
    // Nobody is named where nobody had to say who they are; an earlier name must not stay then.
    const body = { metadata: { annotations: { [ANSWERED_BY]: by ?? null } }, spec: { input } };
    return this.callers.get().patch<A2ATask>(type, key, { type: 'merge', body }, MANAGER);
  }

  /** The service account that the Query of a task acts as. A Query that is gone does nothing any more. */
  private async accountOf({ metadata, spec: { queryRef } }: A2ATask): Promise<string | undefined> {
    const key = { namespace: metadata.namespace, name: queryRef.name };
    try {
      return (await this.callers.get().get<Query>(resourceType(Query), key)).spec.serviceAccount;
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
