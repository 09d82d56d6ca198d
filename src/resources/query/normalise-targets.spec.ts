import { describe, expect, it } from '@jest/globals';
import type { QueryTarget } from '../shared/reference.js';
import { normaliseTargets } from './normalise-targets.js';
import type { QuerySpec } from './query.resource.js';
import { contradictoryTargets, queryTargets } from './query-target.js';

const agent = (name: string): QueryTarget => ({ type: 'agent', name });
const [a, b, c] = [agent('a'), agent('b'), agent('c')];
type Targets = { target?: QueryTarget | QueryTarget[]; targets?: QueryTarget[] };
const spec = (targets: Targets) => ({ input: 'hi', ...targets }) as QuerySpec;

function normalised(given: Targets, old?: Targets): Targets {
  const result = spec({ ...given });
  normaliseTargets(result, old && spec(old));
  const again = structuredClone(result);
  normaliseTargets(again, old && spec(old));
  expect(again).toEqual(result);
  const { input: _input, ...targets } = result;
  return targets;
}

describe('the targets of a Query', () => {
  it.each<[Targets, Targets]>([
    [{ target: a }, { target: a }],
    [{ target: [a] }, { target: a }],
    [{ target: [a, b] }, { target: a, targets: [a, b] }],
    [{ target: [] }, {}],
    [{ targets: [a] }, { target: a, targets: [a] }],
    [{ targets: [a, b] }, { target: a, targets: [a, b] }],
    [{ targets: [] }, { targets: [] }],
  ])('%j are stored as %j', (given, stored) => {
    expect(normalised(given)).toEqual(stored);
  });

  it('follow the side that an update changed', () => {
    const old = { target: a, targets: [a] };
    expect(normalised({ target: b, targets: [a] }, old)).toEqual({ target: b, targets: [b] });
    expect(normalised({ target: a, targets: [b, c] }, old)).toEqual({ target: b, targets: [b, c] });
    expect(normalised({ target: b, targets: [c] }, old)).toEqual({ target: b, targets: [b] });
  });

  it('are read alike in every spelling', () => {
    expect(queryTargets({ spec: spec({ target: [a, b] }) })).toEqual([a, b]);
    expect(queryTargets({ spec: spec({ target: a, targets: [] }) })).toEqual([a]);
    expect(queryTargets({ spec: spec({ target: a, targets: [a, b] }) })).toEqual([a, b]);
    expect(queryTargets({ spec: spec({}) })).toEqual([]);
  });

  it('contradict each other when target is none of targets', () => {
    expect(contradictoryTargets(spec({ target: a, targets: [b] }))).toBe(true);
    expect(contradictoryTargets(spec({ target: b, targets: [a, b] }))).toBe(false);
  });
});
