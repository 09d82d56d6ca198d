import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Evaluation,
  type EvaluationSpec,
  type EvaluationStatus,
} from '../../resources/evaluation/evaluation.resource.js';
import { FakeContext } from '../fake-context.js';
import { EvaluationBatchReconciler } from './evaluation-batch.reconciler.js';

const KEY = { namespace: 'n', name: 'batch' };
const item = (name: string) => ({ name, type: 'direct' as const, config: { input: 'x', output: 'y' } });

describe('a batch of two', () => {
  let context: FakeContext;
  let mine: boolean;
  const put = (config: Partial<EvaluationSpec['config']> = {}) => {
    const spec = { type: 'batch', config: { items: [item('a'), item('b')], ...config } } as unknown as EvaluationSpec;
    const metadata = { ...KEY, uid: 'u', creationTimestamp: context.time.toISOString() };
    context.put<Evaluation>({ apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Evaluation', metadata, spec });
  };
  const look = async () => {
    const reconciler = new EvaluationBatchReconciler({ isMine: () => mine });
    await reconciler.reconcile(context.get(Evaluation, KEY)!, context);
    return context.get(Evaluation, KEY)?.status;
  };
  const end = (name: string, status: EvaluationStatus) => {
    context.put<Evaluation>({ ...context.get(Evaluation, { namespace: 'n', name: `batch-${name}` })!, status });
  };
  beforeEach(() => {
    context = new FakeContext();
    mine = true;
  });

  it('ends when the last child ends, canceled ones among them', async () => {
    put({ continueOnFailure: true });
    await look();
    await look();
    end('a', { phase: 'canceled', message: 'The query was canceled', passed: false });
    end('b', { phase: 'done', score: '1', passed: true });
    expect(await look()).toMatchObject({ phase: 'done', passed: false, batchProgress: { completed: 1, failed: 1 } });
  });

  it('ends with a child that was canceled where it does not go on after failures', async () => {
    put();
    await look();
    await look();
    end('a', { phase: 'canceled', message: 'The query was canceled', passed: false });
    end('b', { phase: 'done', score: '1', passed: true });
    expect(await look()).toMatchObject({ phase: 'error', message: expect.stringContaining('The query was canceled') });
  });

  it('is left to the process whose duty it is', async () => {
    put();
    mine = false;
    expect(await look()).toBeUndefined();
    expect(context.list(Evaluation)).toHaveLength(1);
  });
});
