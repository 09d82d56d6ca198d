import { describe, expect, it } from '@jest/globals';
import { AccountUse } from '../../machinery/http/account-use.js';
import type { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { ANSWERED_BY } from '../../resources/labels.js';
import { TaskReplies } from './task-replies.js';

const caller = { name: 'ana', may: () => true, mayUseAccount: async (account: string) => account === 'reader' };
const KEY = { namespace: 'n', name: 't' };

function replies(status: A2ATask['status'], serviceAccount?: string) {
  const task = { metadata: KEY, spec: { taskId: '1', queryRef: { name: 'q' } }, status };
  const query = { spec: { serviceAccount } };
  const written: unknown[] = [];
  const server = {
    get: async ({ plural }: { plural: string }) => (plural === 'queries' ? query : task),
    patch: async (_type: unknown, _key: unknown, { body }: { body: unknown }) => {
      written.push(body);
      return task;
    },
  };
  const accounts = new AccountUse({ caller: () => caller } as never);
  return { written, replies: new TaskReplies({ get: () => server } as never, accounts) };
}

describe('a reply to a task', () => {
  const asking = { phase: 'input-required' as const, protocolMetadata: { toolCalls: '[]' } };

  it('says who gave it, or nobody where nobody was asked', async () => {
    const { written, replies: approvals } = replies(asking);
    await approvals.decide(KEY, 'approved', 'key:anna');
    await approvals.decide(KEY, 'rejected');
    expect(written).toEqual([
      { metadata: { annotations: { [ANSWERED_BY]: 'key:anna' } }, spec: { input: '{"decision":"approved"}' } },
      { metadata: { annotations: { [ANSWERED_BY]: null } }, spec: { input: '{"decision":"rejected"}' } },
    ]);
  });

  it('is refused to who may not use the service account that its Query acts as', async () => {
    const { written, replies: some } = replies(asking, 'root');
    await expect(some.decide(KEY, 'approved')).rejects.toThrow('ana may not use service account root of namespace n');
    expect(written).toEqual([]);
    await replies(asking, 'reader').replies.decide(KEY, 'approved');
  });

  it('is refused when the task waits for something else, or for nobody', async () => {
    await expect(replies(asking).replies.answer(KEY, 'words')).rejects.toThrow('asks whether a tool may be called');
    await expect(replies({ phase: 'auth-required' }).replies.decide(KEY, 'approved')).rejects.toThrow('asks for words');
    await expect(replies({ phase: 'running' }).replies.answer(KEY, 'words')).rejects.toThrow('waits for nobody');
  });
});
