import { describe, expect, it } from '@jest/globals';
import type { TeamQuestion, TeamReply } from 'nest-ark';
import { playTeam, teamConfig, teamContext, teamStrategySuite } from 'nest-ark/testing';
import { SelectorStrategy } from './selector.strategy.js';

const calls = (name: string, args: object | string): TeamReply => ({
  text: '',
  call: { id: '1', name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
});
const picks = (name: string) => calls('select-next-speaker', { name });
const says = (text: string): TeamReply => ({ text });
const selector = { agent: 'boss', mayTerminate: true };
const edges = [
  { from: 'a', to: 'b' },
  { from: 'a', to: 'c' },
  { from: 'b', to: 'c' },
];

teamStrategySuite('selector', () => ({
  strategy: new SelectorStrategy(),
  team: teamConfig({ selector }),
  replies: [picks('b'), picks('a'), calls('terminate', { response: 'Done.' })],
  turns: [['b'], ['a']],
}));

teamStrategySuite('selector with a graph', () => ({
  strategy: new SelectorStrategy(),
  team: teamConfig({ selector, edges }),
  // Asked at the start and after a; b has one edge and c none.
  replies: [picks('a'), picks('b')],
  turns: [['a'], ['b'], ['c']],
}));

async function play(replies: TeamReply[], team = teamConfig({ selector }), most = 1) {
  const asked: TeamQuestion[] = [];
  const context = teamContext(replies, asked);
  return { ...(await playTeam(new SelectorStrategy(), team, { context, most })), asked };
}

describe('the chooser of a team', () => {
  it('is told the roles, the participants and what was said, and how to answer', async () => {
    const { asked } = await play([picks('a'), picks('b')], teamConfig({ selector }), 2);
    expect(asked[1]?.agent).toBe('boss');
    expect(asked[1]?.instructions).toContain('a: Knows a, b: Knows b, c: Knows c');
    expect(asked[1]?.instructions).toContain('# user:\nGo\n# a:\na speaks');
    expect(asked[1]?.instructions).toContain('Choose from: a, b, c.');
    expect(asked[1]?.instructions).toMatch(/call the tool select-next-speaker/);
    expect(asked[1]?.tools.map(({ name }) => name)).toEqual(['select-next-speaker', 'terminate']);
    expect(asked[1]?.tools[0]?.inputSchema).toMatchObject({ properties: { name: { enum: ['a', 'b', 'c'] } } });
  });

  it('hears the words of the manifest where there are some', async () => {
    const own = { ...selector, prompt: 'Of {{.Participants}} ({{.Roles}})?', terminatePrompt: 'Or stop.' };
    const { asked } = await play([picks('a')], teamConfig({ members: ['a'], selector: own }));
    expect(asked[0]?.instructions).toMatch(/^Of a \(a: Knows a\)\?\n\nOr stop\.\n\n/);
  });

  it('is offered no end that the manifest does not allow', async () => {
    const team = teamConfig({ selector: { agent: 'boss', mayTerminate: false } });
    const { asked } = await play([picks('a')], team);
    expect(asked[0]?.tools.map(({ name }) => name)).toEqual(['select-next-speaker']);
    expect(asked[0]?.instructions).not.toMatch(/terminate/i);
    const refused = [calls('terminate', { response: 'x' }), says('TERMINATE: x')];
    await expect(play(refused, team)).rejects.toThrow(/asked twice who speaks next, and it named no participant/);
  });

  it.each([
    ['b', 'b'],
    ['B', 'b'],
    ['I think b, please.', 'b'],
    ['The speaker is\n**c**', 'c'],
  ])('may say %j in words', async (text, name) => {
    expect((await play([says(text)])).turns).toEqual([[name]]);
  });

  it('means the longest name that fits', async () => {
    const team = teamConfig({ members: ['web', 'web-dev', 'dev'], selector });
    expect((await play([says('web-dev')], team)).turns).toEqual([['web-dev']]);
    expect((await play([says('Let web-dev go on')], team)).turns).toEqual([['web-dev']]);
    expect((await play([says('It is dev.')], team)).turns).toEqual([['dev']]);
  });

  it.each([
    ['TERMINATE', {}],
    ['TERMINATE: All is said.', { closing: 'All is said.' }],
    ['TERMINATE_TEAM: All\nis said.', { closing: 'All\nis said.' }],
  ])('may end in words: %j', async (text, end) => {
    expect((await play([says(text)])).end).toEqual({ end: true, ...end });
  });

  it('may correct itself once', async () => {
    const { turns, asked } = await play([picks('stranger'), picks('b')]);
    expect(turns).toEqual([['b']]);
    expect(asked[1]?.input).toMatch(/your answer named no participant: "stranger"; there are: a, b, c\. Choose/);
  });

  it.each([
    [[picks('x'), picks('y')], /agent 'boss' was asked twice who speaks next, and it named no participant: "y"/],
    [[says(''), says('')], /it named no participant: ""/],
    [[says('a or b'), says('a or b')], /it named several: a, b: "a or b"/],
    [[calls('dance', {}), calls('dance', {})], /it called 'dance', which it was not offered/],
    [[calls('select-next-speaker', '{'), calls('select-next-speaker', 'null')], /named no participant: ""/],
    [[says('x'.repeat(9999)), says('x'.repeat(9999))], /"x{120}…"/],
  ])('that names nobody twice fails the team', async (replies, problem) => {
    await expect(play(replies)).rejects.toThrow(problem);
    await expect(play(replies)).rejects.toMatchObject({ family: 'Invalid' });
  });
});

it('the first speaker of a team with a graph is free', async () => {
  const { turns } = await play([picks('c')], teamConfig({ selector, edges }), 3);
  expect(turns).toEqual([['c']]);
});
