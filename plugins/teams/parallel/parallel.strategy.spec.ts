import { expect, it } from '@jest/globals';
import { playTeam, teamConfig, teamStrategySuite } from 'nest-ark/testing';
import { ParallelStrategy } from './parallel.strategy.js';

teamStrategySuite('parallel', () => ({ strategy: new ParallelStrategy(), turns: [['a', 'b', 'c']] }));

it('the answer holds what everybody said, in the order of the manifest', async () => {
  const { end } = await playTeam(new ParallelStrategy(), teamConfig({ members: ['b', 'a'] }));
  expect(end?.answer).toBe('# b\n\nb speaks\n\n# a\n\na speaks');
});

it('who said nothing is left out of the answer', () => {
  const team = teamConfig({ members: ['a', 'b'] });
  const transcript = [
    { role: 'assistant' as const, name: 'a', content: '' },
    { role: 'assistant' as const, name: 'b', content: 'Here.' },
  ];
  const state = { team, spoken: team.members, history: [], transcript, input: '' };
  expect(new ParallelStrategy().next(state)).toEqual({ end: true, answer: '# b\n\nHere.' });
});
