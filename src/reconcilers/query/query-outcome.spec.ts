import { describe, expect, it } from '@jest/globals';
import { notFound } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { MAX_ANSWER_BYTES } from './answer-size.js';
import type { QueryOutcome } from './query-dispatcher.js';
import { expiresInMs } from './query-expiry.js';
import { endedStatus } from './query-outcome.js';

const now = new Date('2026-01-01T00:00:02.500Z');
const query = (spec: Partial<Query['spec']> = {}, status: Query['status'] = {}): Query => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Query',
  metadata: { name: 'q', namespace: 'n', generation: 3, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { input: 'hi', target: { type: 'agent', name: 'a' }, ...spec },
  status: { claim: { id: 'c', holder: 'h', attempt: 1, since: '2026-01-01T00:00:00.000Z' }, ...status },
});
const outcome = (rest: Partial<QueryOutcome> = {}): QueryOutcome => ({
  target: { type: 'agent', name: 'a' },
  content: 'hello',
  raw: '[]',
  phase: 'done',
  ...rest,
});
const answered = (...outcomes: QueryOutcome[]) => endedStatus(query(), { kind: 'answered', outcomes }, now);
const usage = (n: number) => ({ promptTokens: n, completionTokens: n, totalTokens: 2 * n });

describe('the end of a Query', () => {
  it('is told in one status: phase, condition, answers, conversation and duration', () => {
    const a2a = { contextId: 'ctx', taskId: 't' };
    expect(answered(outcome({ a2a, tokenUsage: usage(2), conversationId: 'conv' }))).toEqual({
      phase: 'done',
      response: { target: { type: 'agent', name: 'a' }, content: 'hello', raw: '[]', phase: 'done', a2a },
      responses: [{ target: { type: 'agent', name: 'a' }, content: 'hello', raw: '[]', phase: 'done', a2a }],
      a2a,
      tokenUsage: usage(2),
      conversationId: 'conv',
      duration: '2.5s',
      claim: { id: 'c', holder: 'h', attempt: 1, since: '2026-01-01T00:00:00.000Z' },
      conditions: [
        {
          type: 'Completed',
          status: 'True',
          reason: 'QuerySucceeded',
          message: 'Query completed successfully',
          lastTransitionTime: '2026-01-01T00:00:02Z',
          observedGeneration: 3,
        },
      ],
    });
  });

  it('sums the tokens of all answers and leaves zero counts out', () => {
    expect(answered(outcome({ tokenUsage: usage(1) }), outcome({ tokenUsage: usage(2) })).tokenUsage).toEqual(usage(3));
    expect(answered(outcome({ tokenUsage: usage(0) })).tokenUsage).toBeUndefined();
  });

  it('sums what the tokens cost, one sum for each currency', () => {
    const of = (...cost: [number, string][]) =>
      outcome({ tokenUsage: { ...usage(1), cost: cost.map(([amount, currency]) => ({ amount, currency })) } });
    const { tokenUsage, cost } = answered(of([0.1, 'USD'], [3, 'EUR']), of([0.2, 'USD']), outcome({ phase: 'error' }));
    expect(tokenUsage).toEqual(usage(2));
    expect(cost).toEqual([
      { amount: '0.3', currency: 'USD' },
      { amount: '3', currency: 'EUR' },
    ]);
    expect(answered(of())).not.toHaveProperty('cost');
  });

  it.each([
    [{ kind: 'canceled' as const, spent: undefined }, 'canceled'],
    [{ kind: 'failed' as const, error: notFound('gone'), spent: undefined }, 'error'],
  ])('without answers (%j) tells what was spent on the way, beside what others had spent before', (ending, phase) => {
    const before = { tokenUsage: usage(1), cost: [{ amount: '0.25', currency: 'USD' }] };
    const spent = { ...usage(2), cost: [{ amount: 0.5, currency: 'USD' }] };
    expect(endedStatus(query({}, before), { ...ending, spent }, now)).toMatchObject({
      phase,
      tokenUsage: usage(3),
      cost: [{ amount: '0.75', currency: 'USD' }],
    });
    expect(endedStatus(query(), ending, now)).not.toHaveProperty('tokenUsage');
  });

  it('counts what attempts spent that were given back, once, however it ends', () => {
    const claim = { ...query().status!.claim!, tokenUsage: usage(4), cost: [{ amount: '0.5', currency: 'USD' }] };
    const given = (status: Query['status'] = {}) => query({}, { ...status, claim });
    const cost = [{ amount: 0.25, currency: 'USD' }];
    const ends = (ending: Parameters<typeof endedStatus>[1], status?: Query['status']) =>
      endedStatus(given(status), ending, now);
    expect(ends({ kind: 'answered', outcomes: [outcome({ tokenUsage: { ...usage(1), cost } })] })).toMatchObject({
      tokenUsage: usage(5),
      cost: [{ amount: '0.75', currency: 'USD' }],
    });
    expect(ends({ kind: 'canceled', spent: usage(1) }).tokenUsage).toEqual(usage(5));
    expect(ends({ kind: 'failed', error: notFound('gone') }).tokenUsage).toEqual(usage(4));
    const asking = outcome({ phase: 'input-required', tokenUsage: usage(2) });
    const paused = ends({ kind: 'answered', outcomes: [asking] });
    expect(paused.tokenUsage).toEqual(usage(6));
    expect(ends({ kind: 'canceled' }, paused).tokenUsage).toEqual(usage(6));
    // Going on, the run tells again what it had spent itself.
    expect(ends({ kind: 'canceled', spent: usage(3) }, paused).tokenUsage).toEqual(usage(7));
    expect(ends({ kind: 'answered', outcomes: [outcome({ tokenUsage: usage(3) })] }, paused).tokenUsage).toEqual(
      usage(7),
    );
  });

  it('that pauses tells what was spent so far, and the end does not tell it twice', () => {
    const spent = { ...usage(2), cost: [{ amount: 0.5, currency: 'USD' }] };
    const paused = answered(outcome({ phase: 'input-required', tokenUsage: spent }));
    expect(paused).toMatchObject({ tokenUsage: usage(2), cost: [{ amount: '0.5', currency: 'USD' }] });
    expect(endedStatus(query({}, paused), { kind: 'canceled' }, now).tokenUsage).toEqual(usage(2));
    // Going on, the run tells again what it had spent.
    const ended = endedStatus(query({}, paused), { kind: 'canceled', spent: usage(3) }, now);
    expect([ended.tokenUsage, ended.cost]).toEqual([usage(3), undefined]);
    const beside = answered(outcome({ tokenUsage: usage(1) }), outcome({ phase: 'input-required', tokenUsage: spent }));
    expect(beside.tokenUsage).toEqual(usage(1));
    expect(endedStatus(query({}, beside), { kind: 'canceled', spent: usage(3) }, now).tokenUsage).toEqual(usage(4));
  });

  it('continues the conversation under the A2A context where the engine named none', () => {
    expect(answered(outcome({ a2a: { contextId: 'ctx' } })).conversationId).toBe('ctx');
  });

  it.each([
    [['done', 'done'], 'done'],
    [['done', 'error'], 'error'],
    [['input-required', 'error'], 'error'],
    [['done', 'input-required'], 'input-required'],
    [['done', 'canceled'], 'canceled'],
  ] as const)('of answers %j is %s', (phases, expected) => {
    expect(answered(...phases.map((phase) => outcome({ phase }))).phase).toBe(expected);
  });

  it('carries the text of the error as answer and condition', () => {
    const error = notFound('Agent n/a does not exist.');
    const status = endedStatus(query(), { kind: 'failed', error }, now);
    expect(status).toMatchObject({
      phase: 'error',
      response: {
        target: { type: 'agent', name: 'a' },
        content: 'Agent n/a does not exist.',
        raw: '[{"error":"target_execution_error","message":"Agent n/a does not exist."}]',
        phase: 'error',
      },
      conditions: [{ status: 'True', reason: 'QueryErrored', message: 'Agent n/a does not exist.' }],
    });
  });

  it('names no target in the answer when the Query names none', () => {
    const selecting = query({ target: undefined, selector: { matchLabels: { a: 'b' } } });
    const status = endedStatus(selecting, { kind: 'failed', error: new Error('nobody') }, now);
    expect(status.response).not.toHaveProperty('target');
    expect(status.response?.content).toBe('nobody');
  });

  it('leaves the condition alone while a person is asked', () => {
    const running = {
      type: 'Completed',
      status: 'False' as const,
      reason: 'QueryRunning',
      message: '',
      lastTransitionTime: 't',
    };
    const ending = { kind: 'answered' as const, outcomes: [outcome({ phase: 'input-required' })] };
    expect(endedStatus(query({}, { conditions: [running] }), ending, now).conditions).toEqual([running]);
  });

  it('keeps what it had when it is canceled', () => {
    const status = endedStatus(query({}, { conversationId: 'conv' }), { kind: 'canceled' }, now);
    expect(status).toMatchObject({
      phase: 'canceled',
      conversationId: 'conv',
      conditions: [{ reason: 'QueryCanceled' }],
    });
    expect(status).not.toHaveProperty('response');
  });

  it('says that the conversation misses the turn, beside the answer', () => {
    const { phase, conditions } = answered(outcome({ memoryProblem: "memory 'n/m' is full" }));
    expect(phase).toBe('done');
    expect(conditions).toMatchObject([
      { type: 'MemoryUnavailable', status: 'True', reason: 'AppendFailed', message: "memory 'n/m' is full" },
      { type: 'Completed', status: 'True' },
    ]);
    expect(answered(outcome()).conditions).toMatchObject([{ type: 'Completed' }]);
  });

  it('cuts an answer that is too long for a status and says so', () => {
    const content = 'ä\n'.repeat(400_000);
    const { response, responses } = answered(outcome({ content, raw: JSON.stringify([{ content }]) }));
    expect(Buffer.byteLength(JSON.stringify({ response, responses }))).toBeLessThan(1.4 * 1024 * 1024);
    expect(Buffer.byteLength(JSON.stringify(response?.content))).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(response?.content).toMatch(/\[The answer was cut here: it takes 1600002 bytes/);
    expect(JSON.parse(response?.raw ?? '')).toEqual([
      { role: 'assistant', content: expect.stringContaining('left out') },
    ]);
  });

  it('cuts a long error in the condition to what a condition may hold', () => {
    const status = endedStatus(query(), { kind: 'failed', error: new Error('x'.repeat(40_000)) }, now);
    expect(status.conditions?.[0]?.message).toHaveLength(32_768);
    expect(status.response?.content).toHaveLength(40_000);
  });
});

describe('the time to live', () => {
  const completed = (status: 'True' | 'False') => [
    { type: 'Completed', status, reason: 'R', message: '', lastTransitionTime: '2026-01-01T00:00:02Z' },
  ];
  it('runs from completion', () => {
    expect(expiresInMs(query({ ttl: '10s' }, { conditions: completed('True') }), now)).toBe(9_500);
  });
  it('runs from creation where no completion is told', () => {
    expect(expiresInMs(query({ ttl: '10s' }, { conditions: completed('False') }), now)).toBe(7_500);
  });
  it('never ends without a limit, or with one that cannot be read', () => {
    expect(expiresInMs(query(), now)).toBeUndefined();
    expect(expiresInMs(query({ ttl: 'soon' }), now)).toBeUndefined();
  });
});
