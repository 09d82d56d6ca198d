import { beforeEach, describe, expect, it } from '@jest/globals';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import { ApprovalDecisionReconciler } from './approval-decision.reconciler.js';

const KEY = { namespace: 'n', name: 'a2a-task-1' };
const API = { apiVersion: 'ark.mckinsey.com/v1alpha1' };

describe('a question about a call', () => {
  let context: FakeContext;
  beforeEach(() => {
    context = new FakeContext();
    setQuery('input-required');
  });

  const setQuery = (phase: 'input-required' | 'error') =>
    context.put<Query>({
      ...API,
      kind: 'Query',
      metadata: { namespace: 'n', name: 'q' },
      spec: { input: '' },
      status: { phase },
    });

  /** The question with an answer, looked at so many seconds after it was asked. */
  async function look(input: string | undefined, seconds = 1, more: Record<string, string> = {}, meta: object = {}) {
    const asked = context.time;
    context.put<A2ATask>({
      ...{ ...API, kind: 'A2ATask', metadata: { ...KEY, ...meta, creationTimestamp: asked.toISOString() } },
      spec: { taskId: '1', queryRef: { name: 'q' }, agentRef: {}, ...(input === undefined ? {} : { input }) },
      status: {
        phase: 'input-required',
        startTime: asked.toISOString(),
        protocolMetadata: { toolCalls: '[]', timeout: '5m0s', onTimeout: 'reject', ...more },
      },
    });
    context.time = new Date(asked.getTime() + seconds * 1000);
    const next = await new ApprovalDecisionReconciler().reconcile(context.get(A2ATask, KEY)!, context);
    const { status } = context.get(A2ATask, KEY) ?? {};
    const { status: truth, reason } = status?.conditions?.[0] ?? {};
    return { phase: status?.phase, error: status?.error, truth, reason, next, completed: status?.completionTime };
  }

  const approved = '{"decision":"approved"}';
  const rejected = '{"decision":"rejected"}';
  const LATE = 301;
  const proceed = { onTimeout: 'proceed' };

  it.each([
    ['approved', approved, 1, {}, 'completed', 'ApprovalGranted', undefined],
    ['rejected', rejected, 1, {}, 'failed', 'ApprovalRejected', 'Tool execution rejected by user'],
    ['left alone', undefined, LATE, {}, 'failed', 'ApprovalTimeoutRejected', 'approval timed out after 5m0s'],
    [
      'left alone where the clock approves',
      undefined,
      LATE,
      proceed,
      'completed',
      'ApprovalTimeoutProceeded',
      undefined,
    ],
    ['approved too late', approved, LATE, {}, 'failed', 'ApprovalTimeoutRejected', 'approval timed out after 5m0s'],
    ['rejected late', rejected, LATE, proceed, 'failed', 'ApprovalRejected', 'Tool execution rejected by user'],
  ])('ends when it is %s', async (_, input, seconds, more, phase, reason, error) => {
    const seen = await look(input, seconds, more as Record<string, string>);
    expect(seen).toMatchObject({ phase, reason, truth: 'True', completed: context.time.toISOString() });
    expect(seen.error).toBe(error);
    expect(context.events).toMatchObject([{ type: 'Normal', reason }]);
  });

  it.each(['yes', '{"decision":"maybe"}', '"approved"x'])(
    'stays open when the answer is %s, and says so',
    async (input) => {
      expect(await look(input)).toMatchObject({
        phase: 'input-required',
        truth: 'False',
        reason: 'InvalidApprovalDecision',
      });
    },
  );

  it.each([undefined, '', '{}', 'null'])('stays open without a word when the answer is %s', async (input) => {
    const seen = await look(input);
    expect(seen).toMatchObject({ phase: 'input-required', reason: undefined });
    expect(seen.next.afterMs).toBe(299_000);
  });

  it('is closed with its Query', async () => {
    setQuery('error');
    expect(await look(approved)).toMatchObject({ phase: 'cancelled', reason: 'TaskCancelled' });
  });

  it('of an A2A server is left to that server', async () => {
    const { toolCalls: _, ...rest } = { toolCalls: '', timeout: '1s' };
    context.put<A2ATask>({
      ...{
        ...API,
        kind: 'A2ATask',
        metadata: KEY,
        spec: { taskId: '1', queryRef: { name: 'q' }, agentRef: {}, input: approved },
      },
      status: { phase: 'input-required', protocolMetadata: rest },
    });
    await new ApprovalDecisionReconciler().reconcile(context.get(A2ATask, KEY)!, context);
    expect(context.writes).toEqual([]);
  });

  it('is granted when it was approved in time and is seen only later', async () => {
    const asked = context.time;
    const written = {
      manager: 'kubectl',
      operation: 'Update' as const,
      apiVersion: API.apiVersion,
      fieldsType: 'FieldsV1',
    };
    const fieldsV1 = { 'f:spec': { 'f:input': {} } };
    const managedFields = [{ ...written, fieldsV1, time: new Date(asked.getTime() + 60_000).toISOString() }];
    expect(await look(approved, LATE, {}, { managedFields })).toMatchObject({ reason: 'ApprovalGranted' });
  });

  it('is deleted when its time to live is over, which begins with its end', async () => {
    const created = context.time.toISOString();
    const put = (status: A2ATask['status']) =>
      context.put<A2ATask>({
        ...{ ...API, kind: 'A2ATask', metadata: { ...KEY, creationTimestamp: created } },
        spec: { taskId: '1', queryRef: { name: 'q' }, agentRef: {}, a2aServerRef: { name: 's' }, ttl: '720h' },
        status,
      });
    const reconcile = () => new ApprovalDecisionReconciler().reconcile(context.get(A2ATask, KEY)!, context);
    put({ phase: 'running' });
    context.time = new Date(context.time.getTime() + 721 * 3_600_000);
    expect((await reconcile()).afterMs).toBeUndefined();
    put({ phase: 'completed', completionTime: context.time.toISOString() });
    expect((await reconcile()).afterMs).toBe(720 * 3_600_000);
    context.time = new Date(context.time.getTime() + 720 * 3_600_000);
    await reconcile();
    expect(context.get(A2ATask, KEY)).toBeUndefined();
  });
});
