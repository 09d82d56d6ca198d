import { describe, expect, it } from '@jest/globals';
import type { Query } from '../../../resources/query/query.resource.js';
import { PassingRun } from './passing-run.js';
import { PassingRuns } from './passing-runs.js';

const MINUTE = 60_000;

function begun(runs: PassingRuns, name: string): PassingRun {
  const query = { metadata: { namespace: 'n', name }, spec: { input: 'x' }, status: { phase: 'running' } };
  const run = new PassingRun(query as unknown as Query);
  runs.add(run);
  return run;
}

function rests(runs: PassingRuns, run: PassingRun, phase: string, at: number): void {
  run.end({ ...run.query, status: { phase } } as unknown as Query);
  runs.rests(run, at);
}

describe('a task that asked something and was canceled', () => {
  it('is kept as long as every other that ended', () => {
    const runs = new PassingRuns();
    const run = begun(runs, 'a');
    rests(runs, run, 'input-required', 0);
    rests(runs, run, 'canceled', 59 * MINUTE);
    rests(runs, begun(runs, 'b'), 'input-required', 61 * MINUTE);
    expect(runs.get({ namespace: 'n', name: 'a' })).toBe(run);
    rests(runs, begun(runs, 'c'), 'done', 65 * MINUTE);
    expect(runs.get({ namespace: 'n', name: 'a' })).toBeUndefined();
  });
});
