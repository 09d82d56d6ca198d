import { describe, expect, it } from '@jest/globals';
import { MemoryObjects } from '../../../test/harness/memory-objects.js';
import { taskName } from '../../resources/a2a-task/task-name.js';
import type { Query } from '../../resources/query/query.resource.js';
import { AnswerNeeded } from './answer-needed.js';
import { ApprovalNeeded, type ApprovalQuestion } from './approval-needed.js';
import { RunApprovals } from './run-approvals.js';
import { RunJournal } from './run-journal.js';

const query = { metadata: { name: 'q', namespace: 'n', uid: 'u' } } as unknown as Query;
const question = (key: string): ApprovalQuestion => ({
  ...{ key, agent: { name: 'a', namespace: 'n' }, timeoutMs: 60_000, onTimeout: 'reject' },
  call: { id: key, name: 'open', arguments: '{}' },
});

/** Attempts at one run: each hears what the ones before it have kept. */
function house() {
  const objects = new MemoryObjects();
  const stored = new Map<string, string>();
  /** The verdict on each call, or why the run ended. */
  const attempt = async (...keys: string[]) => {
    const kept = [...stored].map(([key, value]) => [key, JSON.parse(value)] as const);
    const journal = RunJournal.open(new Map(kept), async (entries) => {
      for (const [key, value] of entries) stored.set(key, value);
    });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const approvals = new RunApprovals({ query, objects, journal, stop: resolve });
    const verdicts = Promise.all(keys.map((key) => approvals.during(() => approvals.verdict(question(key)))));
    return Promise.race([verdicts, promise]);
  };
  const decide = (taskId: string, phase: string, more: object = {}) => {
    const status = { phase, conditions: [{ type: 'Completed', status: 'True', reason: 'ApprovalRejected' }] };
    const metadata = { name: taskName(taskId), namespace: 'n', ...more };
    const spec = { taskId, queryRef: { name: 'q' }, agentRef: {}, ...more };
    objects.put({ apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'A2ATask', metadata, spec, status });
  };
  return { attempt, decide };
}

describe('the approvals of a run', () => {
  it('are asked for together, and under the same id when the process dies before the question is kept', async () => {
    const { attempt } = house();
    const first = (await attempt('one', 'two')) as ApprovalNeeded;
    expect(first).toBeInstanceOf(ApprovalNeeded);
    expect(first.questions.map(({ key }) => key)).toEqual(['one', 'two']);
    expect(((await attempt('two', 'one')) as ApprovalNeeded).taskId).toBe(first.taskId);
    expect(((await attempt('three')) as ApprovalNeeded).taskId).not.toBe(first.taskId);
  });

  it('are what was decided about this very question', async () => {
    const { attempt, decide } = house();
    const { taskId } = (await attempt('one')) as ApprovalNeeded;
    decide(taskId, 'completed');
    expect(await attempt('one')).toEqual(['granted']);
    expect(await attempt('two')).toBeInstanceOf(ApprovalNeeded);
    decide(taskId, 'failed');
    expect(await attempt('one')).toEqual(['rejected']);
  });

  it('come before what others ask, which is asked one after the other and kept', async () => {
    const kept = new Map<string, string>();
    const attempt = async (work: (approvals: RunApprovals) => Promise<unknown>[]) => {
      const entries = [...kept].map(([key, value]) => [key, JSON.parse(value)] as const);
      const journal = RunJournal.open(new Map(entries), async (saved) => {
        for (const [key, value] of saved) kept.set(key, value);
      });
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const approvals = new RunApprovals({ query, objects: new MemoryObjects(), journal, stop: resolve });
      for (const each of work(approvals)) void each;
      return promise;
    };
    const asks = (approvals: RunApprovals, taskId: string) => {
      const agent = { name: taskId, namespace: 'n' };
      return approvals.during(() => approvals.answer(`asking:${taskId}`, { taskId, agent, text: 'Where to?' }));
    };
    const both = await attempt((approvals) => [asks(approvals, 'one'), asks(approvals, 'two')]);
    expect(both).toBeInstanceOf(AnswerNeeded);
    expect(both).toMatchObject({ taskId: 'one', text: "agent 'n/one' asks: Where to?" });
    expect([...kept.keys()]).toEqual(['asking:one', 'asking:two']);
    const needed = await attempt((approvals) => [
      asks(approvals, 'two'),
      approvals.during(() => approvals.verdict(question('call'))),
    ]);
    expect(needed).toBeInstanceOf(ApprovalNeeded);
  });

  it('are never taken from a task of somebody else', async () => {
    const { attempt, decide } = house();
    const { taskId } = (await attempt('one')) as ApprovalNeeded;
    decide(taskId, 'completed', { ownerReferences: [{ uid: 'another' }] });
    expect(await attempt('one')).toBeInstanceOf(ApprovalNeeded);
    decide(taskId, 'completed', { queryRef: { name: 'another' } });
    expect(await attempt('one')).toBeInstanceOf(ApprovalNeeded);
  });
});
