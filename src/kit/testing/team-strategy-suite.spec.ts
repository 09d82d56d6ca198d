import { describe, expect, it } from '@jest/globals';
import { type TeamState, type TeamStep, TeamStrategy } from '../team/team-strategy.js';
import { type TeamStrategyTrial, teamStrategySuite } from './team-strategy-suite.js';

/** Titles of the cases that a strategy fails. */
async function failed(next: (state: TeamState) => TeamStep, more: Partial<TeamStrategyTrial> = {}, turns?: number) {
  @TeamStrategy({ name: 'probe', description: 'On trial' })
  class Probe implements TeamStrategy {
    next(state: TeamState) {
      return next(state);
    }
    turnsOf() {
      return turns;
    }
  }
  const trial = () => ({ strategy: new Probe(), turns: [['a'], ['b'], ['c']], ...more });
  const { describe: suite, it: single } = globalThis;
  Object.assign(globalThis, { describe: undefined, it: undefined });
  const cases = teamStrategySuite('probe', trial);
  Object.assign(globalThis, { describe: suite, it: single });
  const results = await Promise.allSettled(cases.map(({ run }) => run()));
  return cases.filter((_, i) => results[i]?.status === 'rejected').map(({ title }) => title);
}

const inOrder = ({ team, spoken }: TeamState): TeamStep => {
  const next = team.members[spoken.length];
  return next ? { speak: [next] } : { end: true };
};

describe('the suite for team strategies', () => {
  it('passes one that keeps the contract', async () => {
    expect(await failed(inOrder)).toEqual([]);
  });

  it('catches another order, an end that does not come, and strangers', async () => {
    expect(await failed(inOrder, { turns: [['c'], ['b'], ['a']] })).toContainEqual(expect.stringMatching(/its order/));
    expect(await failed(({ team }) => ({ speak: [team.members[0]!] }))).not.toEqual([]);
    const stranger: TeamStep = { speak: [{ name: 'x', type: 'agent', description: '' }] };
    expect(await failed(() => stranger)).toContainEqual(expect.stringMatching(/members of the team only/));
  });

  it('catches one that remembers, that changes the state, and that takes more turns than it says', async () => {
    let calls = 0;
    const counting = ({ team }: TeamState): TeamStep => ({ speak: [team.members[calls++ % 3]!] });
    expect(await failed(counting, { endless: true })).toContainEqual(expect.stringMatching(/from the state alone/));
    const greedy = (state: TeamState): TeamStep => {
      (state.spoken as unknown[]).push('me');
      return { end: true };
    };
    expect(await failed(greedy)).toContainEqual(expect.stringMatching(/changes nothing/));
    expect(await failed(inOrder, {}, 1)).toContainEqual(expect.stringMatching(/as many turns as it says/));
  });
});
