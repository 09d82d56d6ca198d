import { describe, expect, it } from '@jest/globals';
import type { Evaluation, EvaluationStatus } from '../../resources/evaluation/evaluation.resource.js';
import { expiresInMs, nextStep, patienceMs, timeoutMs } from './evaluation-step.checks.js';

const NOW = new Date('2026-01-01T01:00:00Z');
const evaluation = (status?: EvaluationStatus, spec: Partial<Evaluation['spec']> = {}): Evaluation => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind: 'Evaluation',
  metadata: { name: 'e', namespace: 'n', creationTimestamp: '2026-01-01T00:59:00Z' },
  spec: { type: 'direct', config: {}, ...spec },
  ...(status ? { status } : {}),
});
const claimed = (holder: string, attempt = 1): EvaluationStatus => ({
  phase: 'running',
  claim: { holder, attempt, since: NOW.toISOString() },
});
const step = (of: Evaluation) => nextStep(of, { self: 'me', isAlive: (holder) => holder === 'peer' });

describe('the next step of an evaluation', () => {
  it.each<[string, Evaluation, string]>([
    ['new', evaluation(), 'judge'],
    ['waiting', evaluation({ phase: 'pending' }), 'judge'],
    ['held by a living peer', evaluation(claimed('peer')), 'watch-holder'],
    ['left behind by a dead one', evaluation(claimed('dead')), 'judge'],
    ['whose end could not be stored here', evaluation(claimed('me')), 'judge'],
    ['that ended three processes', evaluation(claimed('dead', 3)), 'give-up'],
    ['canceled while it waits', evaluation({ phase: 'pending' }, { cancel: true }), 'cancel'],
    ['canceled while a peer judges it', evaluation(claimed('peer'), { cancel: true }), 'watch-holder'],
    ['canceled and left behind by a dead one', evaluation(claimed('dead', 3), { cancel: true }), 'cancel'],
    ['canceled too late', evaluation({ phase: 'done' }, { cancel: true }), 'expire'],
    ['done', evaluation({ phase: 'done' }), 'expire'],
    ['a batch', evaluation(undefined, { type: 'batch' }), 'leave'],
    ['a finished batch', evaluation({ phase: 'done' }, { type: 'batch' }), 'expire'],
  ])('that is %s', (_that, of, expected) => expect(step(of)).toBe(expected));
});

describe('the time of an evaluation', () => {
  it('to live begins with its end', () => {
    const condition = { type: 'Completed', status: 'True' as const, reason: 'r', message: '' };
    const conditions = [{ ...condition, lastTransitionTime: '2026-01-01T00:59:30Z' }];
    expect(expiresInMs(evaluation({ phase: 'done', conditions }, { ttl: '1m' }), NOW)).toBe(30_000);
  });

  it('to judge is longer for a list of examples', () => {
    expect(timeoutMs(evaluation(undefined, { timeout: '10s' }))).toBe(10_000);
    expect(timeoutMs(evaluation(undefined, { timeout: '10s', type: 'baseline' }))).toBe(120_000);
    expect(timeoutMs(evaluation())).toBe(300_000);
  });

  it('to wait begins with its creation', () => {
    expect(patienceMs(evaluation(undefined, { timeout: '90s' }), NOW)).toBe(30_000);
  });
});
