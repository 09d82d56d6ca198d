import { expect, it } from '@jest/globals';
import { playTeam, teamConfig, teamStrategySuite } from 'nest-ark/testing';
import { SequentialStrategy } from './sequential.strategy.js';

teamStrategySuite('sequential', () => ({ strategy: new SequentialStrategy(), turns: [['a'], ['b'], ['c']] }));

teamStrategySuite('sequential with loops', () => ({
  strategy: new SequentialStrategy(),
  team: teamConfig({ members: ['a', 'b'], loops: true, maxTurns: 5 }),
  turns: [['a'], ['b'], ['a'], ['b'], ['a']],
  endless: true,
}));

it('a member that is listed twice speaks twice', async () => {
  const { turns } = await playTeam(new SequentialStrategy(), teamConfig({ members: ['a', 'b', 'a'] }));
  expect(turns).toEqual([['a'], ['b'], ['a']]);
});

it('loops keep their order for any number of members and turns', async () => {
  for (const size of [1, 2, 3, 7, 100]) {
    const members = Array.from({ length: size }, (_, i) => `m${i}`);
    const { turns } = await playTeam(new SequentialStrategy(), teamConfig({ members, loops: true }), { most: 230 });
    expect(turns.flat()).toEqual(Array.from({ length: 230 }, (_, i) => `m${i % size}`));
  }
});

it('a team of nobody ends at once', async () => {
  for (const loops of [false, true]) {
    expect(await playTeam(new SequentialStrategy(), teamConfig({ members: [], loops }))).toMatchObject({ turns: [] });
  }
});
