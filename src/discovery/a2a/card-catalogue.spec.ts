import { describe, expect, it } from '@jest/globals';
import { listIn } from '../../kit/a2a/card-list.js';
import { unavailable } from '../../kit/index.js';
import { agentsIn } from './card-catalogue.js';

const HOST = 'http://agents.example.com:8080';
const HOME = `${HOST}/base`;
const CARD = { name: 'Echo Agent', description: 'Echoes', url: `${HOME}/` };
const unread = () => Promise.reject(new Error('no card was to be read'));
const status = (code: number) => unavailable(`HTTP status ${code}`, { details: { status: code } });

describe('a list of cards', () => {
  it('is an array, or an object with agents and no name of its own', () => {
    expect([listIn([CARD]), listIn({ agents: [CARD] }), listIn({ ...CARD, agents: [] })]).toEqual([
      [CARD],
      [CARD],
      undefined,
    ]);
  });

  it('gives each agent its own address, always on the host that the list came from', async () => {
    const { agents, linked } = await agentsIn(
      [
        { ...CARD, name: 'one', url: `${HOST}/one/` },
        { card: { ...CARD, name: 'two', url: 'http://localhost:9999/two' } },
      ],
      HOME,
      unread,
    );
    expect(agents.map(({ address }) => address)).toEqual([`${HOST}/one`, `${HOST}/two`]);
    expect(linked).toBe(false);
  });

  it('loses only the agents that cannot be used', async () => {
    const { agents, problems, partial } = await agentsIn(
      [CARD, { name: 'homeless' }, 'text', { ...CARD, name: 'odd', skills: 7 }],
      HOME,
      unread,
    );
    expect(agents).toHaveLength(1);
    expect(problems).toEqual([
      "agent 2 of the list ('homeless'): the card of 'homeless' has no url",
      'agent 3 of the list: the agent card is not a JSON object',
      "agent 4 of the list ('odd'): the agent card is not sound: skills must be a list and is 7",
    ]);
    expect(partial).toBe(false);
    await expect(agentsIn([], HOME, unread)).rejects.toThrow('the list of agents is empty');
    await expect(agentsIn(['text'], HOME, unread)).rejects.toThrow('agent 1 of the list: the agent card is not');
    await expect(agentsIn(Array(501).fill(CARD), HOME, unread)).rejects.toThrow('the list names 501 agents');
  });
});

describe('a catalogue that says where the cards are', () => {
  const entry = (name: string, more: object = {}) => ({
    name,
    'agent-card': `http://localhost:7184/agent/${name}/.well-known/agent.json`,
    ...more,
  });

  it.each([
    ['agent-card', {}],
    ['agentCardUrl', {}],
    ['card', {}],
  ])('leads to the card by its %s, on the host that it came from', async (member) => {
    const read: string[] = [];
    const found = await agentsIn(
      [{ [member]: 'https://elsewhere/a/.well-known/agent-card.json' }],
      HOME,
      async (url) => {
        read.push(url);
        return { ...CARD, url: 'http://localhost:7184/a/' };
      },
    );
    expect(read).toEqual([`${HOST}/a/.well-known/agent-card.json`]);
    expect(found).toMatchObject({ linked: true, partial: false, agents: [{ address: `${HOST}/a` }] });
  });

  it('is read with few cards at once, and keeps its order', async () => {
    let open = 0;
    let most = 0;
    const names = Array.from({ length: 40 }, (_, i) => `a${i}`);
    const { agents } = await agentsIn(
      names.map((name) => entry(name)),
      HOME,
      async (url) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((done) => setImmediate(done));
        open -= 1;
        return { ...CARD, name: url.split('/')[4] };
      },
    );
    expect(agents.map(({ name }) => name)).toEqual(names);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('names the cards that cannot be used, and says whether they may be there again', async () => {
    const failing = (error: Error) => (url: string) =>
      url.includes('/b/') ? Promise.reject(error) : Promise.resolve(CARD);
    const gone = await agentsIn([entry('a'), entry('b')], HOME, failing(status(404)));
    expect(gone).toMatchObject({ partial: false, problems: ["agent 2 of the list ('b'): HTTP status 404"] });
    expect(gone.agents).toHaveLength(1);
    expect((await agentsIn([entry('a'), entry('b')], HOME, failing(status(503)))).partial).toBe(true);
  });

  it('is not asked for agents that it has from somebody else', async () => {
    const read = async () => CARD;
    expect((await agentsIn([entry('a'), entry('b', { hosted: true })], HOME, read)).agents).toHaveLength(1);
    await expect(agentsIn([entry('b', { hosted: true })], HOME, unread)).rejects.toThrow(
      'the list names only agents that live elsewhere',
    );
  });
});
