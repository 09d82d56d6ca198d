import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Evaluators } from '../../kit/index.js';
import { Evaluation, type EvaluationStatus } from '../../resources/evaluation/evaluation.resource.js';
import type { Evaluator, EvaluatorSpec } from '../../resources/evaluator/evaluator.resource.js';
import { Query, type QuerySpec } from '../../resources/query/query.resource.js';
import { FakeContext } from '../fake-context.js';
import { evaluationName } from './automatic-evaluation.js';
import { EvaluatorAddressReconciler } from './evaluator-address.reconciler.js';
import { QueryEvaluationsReconciler } from './query-evaluations.reconciler.js';

const KEY = { namespace: 'n', name: 'q' };
const NAME = { namespace: 'n', name: 'judge-q-eval' };
const ARK = 'ark.mckinsey.com/v1alpha1';
const selector = { resourceType: 'Query' as const, matchLabels: { topic: 'sea' } };

describe('the evaluations of a finished Query', () => {
  let context: FakeContext;
  const query = (
    spec: Partial<QuerySpec> = {},
    more: Partial<Query['metadata']> = {},
    phase: 'done' | 'error' = 'done',
  ) =>
    context.put<Query>({
      apiVersion: ARK,
      kind: 'Query',
      metadata: { ...KEY, uid: 'uid-1', generation: 1, labels: { topic: 'sea' }, ...more },
      spec: { input: 'x', ...spec },
      status: { phase },
    });
  const evaluator = (spec: Partial<EvaluatorSpec> = { selector }, name = 'judge') =>
    context.put<Evaluator>({
      apiVersion: ARK,
      kind: 'Evaluator',
      metadata: { namespace: 'n', name, labels: { team: 'red' } },
      spec: { address: { value: 'plugin:judge' }, ...spec },
    });
  const end = (status: EvaluationStatus, annotations: Record<string, string> = {}) => {
    const { metadata, ...rest } = context.get(Evaluation, NAME)!;
    context.put({
      ...rest,
      metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
      status,
    });
  };
  const look = async () => {
    await new QueryEvaluationsReconciler().reconcile(context.get(Query, KEY)!, context);
    return context.get(Evaluation, NAME);
  };
  beforeEach(() => {
    context = new FakeContext();
  });

  it('are made for every Evaluator whose selector it matches, and belong to it', async () => {
    evaluator();
    evaluator({ selector: { resourceType: 'Query', matchLabels: { topic: 'land' } } }, 'other');
    query();
    expect(await look()).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Query', name: 'q', uid: 'uid-1' }] },
      spec: { type: 'query', evaluator: { name: 'judge' }, config: { queryRef: { name: 'q' } } },
    });
    expect(context.list(Evaluation)).toHaveLength(1);
  });

  it('are made by an Evaluator that comes later, in the process whose duty it is', async () => {
    query();
    const installed = { get: () => ({}), names: () => ['judge'] } as unknown as Evaluators;
    const look = (isMine: boolean) =>
      new EvaluatorAddressReconciler(installed, { isMine: () => isMine }).reconcile(evaluator(), context);
    await look(false);
    expect([context.writes, context.events, context.get(Evaluation, NAME)]).toEqual([[], [], undefined]);
    await look(true);
    expect(context.get(Evaluation, NAME)).toBeDefined();
  });

  it('are not made for one that failed', async () => {
    evaluator();
    query({}, {}, 'error');
    expect(await look()).toBeUndefined();
  });

  it('begin anew when its spec has changed, once the judgement under way has ended', async () => {
    evaluator();
    query();
    await look();
    end({ phase: 'running' });
    query({ input: 'y' }, { generation: 2 });
    expect(await look()).toMatchObject({ status: { phase: 'running' } });
    end({ phase: 'done', score: '1' });
    expect(await look()).toMatchObject({ metadata: { annotations: { 'ark.mckinsey.com/query-generation': '2' } } });
    expect(context.writes.at(-1)).toEqual({});
  });

  it('are left alone when nothing has changed, or when somebody else made an object of that name', async () => {
    evaluator();
    query();
    await look();
    end({ phase: 'done', score: '1' });
    const before = context.get(Evaluation, NAME);
    expect(await look()).toBe(before);
    const stranger = context.put({ ...before!, metadata: { ...NAME, uid: 'theirs' } });
    expect(await look()).toBe(stranger);
  });

  it('that it asks for stand in its status when all of them are there', async () => {
    evaluator({});
    evaluator({}, 'second');
    query({ evaluatorSelector: { matchLabels: { team: 'red' } } });
    await look();
    end({ phase: 'done', score: '0.9', passed: true }, { 'evaluation.metadata/reasoning': 'Right.' });
    await look();
    expect(context.get(Query, KEY)?.status?.evaluations).toBeUndefined();
    const second = context.get(Evaluation, { namespace: 'n', name: 'second-q-eval' })!;
    context.put<Evaluation>({ ...second, status: { phase: 'error', message: 'it is away' } });
    await look();
    expect(context.get(Query, KEY)?.status?.evaluations).toEqual([
      { evaluatorName: 'judge', score: '0.9', passed: true, metadata: { reasoning: 'Right.' } },
      { evaluatorName: 'second', score: '0', passed: false, metadata: { error: 'it is away' } },
    ]);
  });

  it('have names that fit, also of long ones', () => {
    const name = evaluationName('e'.repeat(200), 'q'.repeat(200));
    expect(name).toHaveLength(253);
    expect(name).not.toBe(evaluationName('e'.repeat(200), `${'q'.repeat(199)}r`));
  });
});
