import { describe, expect, it } from '@jest/globals';
import { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { FakeContext } from '../fake-context.js';
import { EvaluationRunReconciler } from './evaluation-run.reconciler.js';

const KEY = { namespace: 'n', name: 'e' };

describe('an Evaluation that is canceled before anybody judges it', () => {
  const context = new FakeContext();
  const unused = { prepare: () => Promise.reject(new Error('nobody judges here')) };
  const holders = { self: 'me', isAlive: () => true, onGone: () => undefined };
  const reconciler = new EvaluationRunReconciler(unused, holders);
  const put = (status: Evaluation['status']) =>
    context.put<Evaluation>({
      apiVersion: 'ark.mckinsey.com/v1alpha1',
      kind: 'Evaluation',
      metadata: { ...KEY, uid: 'u' },
      spec: { type: 'direct', config: { input: 'x', output: 'y' }, cancel: true },
      status,
    });

  it('is ended by the first process that sees it, which alone tells', async () => {
    const pending = put({ phase: 'pending' });
    await reconciler.reconcile(pending, context);
    const ended = context.get(Evaluation, KEY);
    expect(ended?.status?.phase).toBe('canceled');
    context.time = new Date(context.time.getTime() + 1_000);
    // A process whose copy still shows the time before.
    await reconciler.reconcile(pending, context);
    expect(context.get(Evaluation, KEY)).toBe(ended);
    expect(context.events).toMatchObject([{ reason: 'EvaluationCanceled' }]);
  });
});
