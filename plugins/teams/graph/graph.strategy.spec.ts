import { expect, it } from '@jest/globals';
import { playTeam, teamConfig, teamStrategySuite } from 'nest-ark/testing';
import { GraphStrategy } from './graph.strategy.js';

const edge = (text: string) => ({ from: text[0] ?? '', to: text[1] ?? '' });

teamStrategySuite('graph', () => ({
  strategy: new GraphStrategy(),
  team: teamConfig({ edges: ['ac', 'cb'].map(edge) }),
  turns: [['a'], ['c'], ['b']],
}));

teamStrategySuite('graph with a circle', () => ({
  strategy: new GraphStrategy(),
  team: teamConfig({ edges: ['ab', 'ba'].map(edge) }),
  turns: [['a'], ['b'], ['a'], ['b']],
  endless: true,
}));

it('follows an edge at every step and ends where none leaves, whatever the graph', async () => {
  // A small generator of its own, so that a failure can be repeated.
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 300; round++) {
    const members = Array.from({ length: 1 + random(6) }, (_, i) => String.fromCharCode(97 + i));
    const name = () => members[random(members.length)] ?? '';
    const edges = Array.from({ length: random(8) }, () => ({ from: name(), to: name() }));
    const { turns, end } = await playTeam(new GraphStrategy(), teamConfig({ members, edges }), { most: 40 });
    const spoken = turns.flat();
    expect(spoken[0]).toBe('a');
    for (const [i, from] of spoken.slice(0, -1).entries()) {
      expect(edges).toContainEqual({ from, to: spoken[i + 1] });
    }
    const stuck = edges.every(({ from }) => from !== spoken.at(-1));
    expect(Boolean(end)).toBe(stuck);
  }
});

it('an edge to nobody ends the team', async () => {
  const { turns, end } = await playTeam(new GraphStrategy(), teamConfig({ edges: [edge('ax')] }));
  expect(turns).toEqual([['a']]);
  expect(end).toEqual({ end: true });
});
