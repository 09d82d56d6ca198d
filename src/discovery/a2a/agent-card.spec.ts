import { describe, expect, it } from '@jest/globals';
import { agentOf, agentsOf, listIn } from './agent-card.js';

const HOME = 'http://agents.example.com:8080/base';
const CARD = { name: 'Echo Agent', description: 'Echoes', url: `${HOME}/`, capabilities: { streaming: true } };
const door = (protocolBinding: string, protocolVersion: string, url = `${HOME}/rpc`) => ({
  url,
  protocolBinding,
  protocolVersion,
});

describe('the agent on a card', () => {
  it('of protocol 0.2 or 0.3 is called as Ark calls agents', () => {
    expect(agentOf({ ...CARD, protocolVersion: '0.3.0', skills: [{ id: 's' }] }, HOME)).toEqual({
      name: 'Echo Agent',
      description: 'Echoes',
      skills: [{ id: 's' }],
      streaming: true,
      pushes: false,
      address: HOME,
      endpoint: undefined,
    });
  });

  it.each<[string, object, object | undefined]>([
    ['of 1.0 says so', { supportedInterfaces: [door('JSONRPC', '1.0')] }, { binding: 'JSONRPC', version: '1.0' }],
    [
      'with several doors is called by the newest JSON-RPC',
      { supportedInterfaces: [door('HTTP+JSON', '1.0'), door('JSONRPC', '0.3'), door('JSONRPC', '1.0')] },
      { binding: 'JSONRPC', version: '1.0' },
    ],
    [
      'without JSON-RPC by REST',
      { supportedInterfaces: [door('GRPC', '1.0'), door('HTTP+JSON', '1.0')] },
      { binding: 'HTTP+JSON' },
    ],
    [
      'at another path of its host',
      { url: 'http://agents.example.com:8080/a2a' },
      { url: 'http://agents.example.com:8080/a2a' },
    ],
    ['that lures to another host stays at home', { url: 'http://169.254.169.254/' }, undefined],
    ['that does not know its own host stays at home', { url: 'http://0.0.0.0:8080/' }, undefined],
    ['that calls itself 1.0 in the shape of 0.3 is taken for 0.3', { protocolVersion: '1.0' }, undefined],
    ['without a url is called at its address', { url: undefined }, undefined],
  ])('%s', (_what, more, endpoint) => {
    const found = agentOf({ ...CARD, ...more }, HOME).endpoint;
    if (endpoint) expect(found).toMatchObject(endpoint);
    else expect(found).toBeUndefined();
  });

  it.each<[unknown, string]>([
    ['<html>', 'not a JSON object'],
    [{}, 'has no name'],
    [{ name: ' ' }, 'has no name'],
    [{ name: 7 }, 'has no name'],
    [{ name: 'x'.repeat(2_000) }, 'longer than'],
    [{ name: 'a', description: {} }, 'description on the agent card is not a text'],
    [{ name: 'a', skills: 'many' }, 'skills on the agent card are not a list'],
  ])('is refused when the card is %j', (card, problem) => {
    expect(() => agentOf(card, HOME)).toThrow(problem);
  });

  it('is found with members that are null, as some servers write them', () => {
    const card = { name: 'a', description: null, skills: null, capabilities: null, url: null };
    expect(agentOf(card, HOME)).toMatchObject({ description: '', skills: [], streaming: false });
  });
});

describe('a list of cards', () => {
  it('is an array, or an object with agents and no name of its own', () => {
    expect([listIn([CARD]), listIn({ agents: [CARD] }), listIn({ ...CARD, agents: [] })]).toEqual([
      [CARD],
      [CARD],
      undefined,
    ]);
  });

  it('gives each agent its own address, always on the host that the list came from', () => {
    const { agents } = agentsOf(
      [
        { ...CARD, name: 'one', url: 'http://agents.example.com:8080/one/' },
        { card: { ...CARD, name: 'two', url: 'http://localhost:9999/two' } },
      ],
      HOME,
    );
    expect(agents.map(({ address }) => address)).toEqual([
      'http://agents.example.com:8080/one',
      'http://agents.example.com:8080/two',
    ]);
  });

  it('loses only the agents that cannot be used', () => {
    const { agents, problems } = agentsOf([CARD, { name: 'homeless' }, 'text'], HOME);
    expect(agents).toHaveLength(1);
    expect(problems).toEqual([
      'agent 2 of the list: the card has no url',
      'agent 3 of the list: the agent card is not a JSON object',
    ]);
    expect(() => agentsOf([], HOME)).toThrow('the list of agents is empty');
  });
});
