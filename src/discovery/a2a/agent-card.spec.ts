import { describe, expect, it } from '@jest/globals';
import { agentOf } from './agent-card.js';

const HOME = 'http://agents.example.com:8080/base';
const CARD = { name: 'Echo Agent', description: 'Echoes', url: `${HOME}/`, capabilities: { streaming: true } };
const door = (protocolBinding: string, protocolVersion: string, url = `${HOME}/rpc`) => ({
  url,
  protocolBinding,
  protocolVersion,
});

describe('the agent on a card', () => {
  it('of protocol 0.2 or 0.3 is called as Ark calls agents', () => {
    expect(agentOf({ ...CARD, protocolVersion: '0.3.0', skills: [{ id: 's' }] }, HOME).agent).toEqual({
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
  ])('%s', (_what, more, endpoint) => {
    const found = agentOf({ ...CARD, ...more }, HOME).agent.endpoint;
    if (endpoint) expect(found).toMatchObject(endpoint);
    else expect(found).toBeUndefined();
  });

  it.each<[unknown, string | RegExp]>([
    ['<html>', 'not a JSON object'],
    [{}, 'has no name'],
    [{ name: ' ' }, 'has no name'],
    [{ name: 7 }, 'name must be a text and is 7'],
    [{ name: 'x'.repeat(2_000) }, 'longer than'],
    [{ name: 'a', description: {} }, 'description must be a text and is {}'],
    [{ name: 'a', skills: 'many' }, 'skills must be a list and is "many"'],
    [{ name: 'a', url: 42 }, 'the agent card is not sound: url must be a text and is 42'],
    [{ name: 'a', capabilities: 'yes' }, 'capabilities must be an object and is "yes"'],
    [{ name: 'a', capabilities: { streaming: 'yes' } }, 'capabilities.streaming must be true or false and is "yes"'],
    [{ name: 'a', capabilities: { pushNotifications: 1 } }, 'pushNotifications must be true or false and is 1'],
    [{ name: 'a', supportedInterfaces: { url: HOME } }, 'supportedInterfaces must be a list and is {"url":'],
    [{ name: 'a', url: [], skills: 7 }, 'url must be a text and is []; skills must be a list and is 7'],
    [{ name: 'a', url: 'x'.repeat(100).split('') }, /is \["x".{50,60}…$/],
    [
      { name: 'a', supportedInterfaces: [door('GRPC', '1.0')] },
      'the card offers GRPC of 1.0; spoken here is JSONRPC of 1.0 and 0.3, and HTTP+JSON of 1.0, one of which it must offer',
    ],
    [{ name: 'a', supportedInterfaces: [door('JSONRPC', '2.0'), door('grpc', '1.0')] }, 'JSONRPC of 2.0, GRPC of 1.0;'],
    [{ ...CARD, preferredTransport: 'GRPC' }, 'the card offers GRPC of 0.3;'],
    [{ ...CARD, protocolVersion: '2.0' }, 'the card offers JSONRPC of 2.0;'],
  ])('is refused when the card is %j', (card, problem) => {
    expect(() => agentOf(card, HOME)).toThrow(problem);
  });

  it.each<[string, object]>([
    ['a newer 1', { supportedInterfaces: [door('JSONRPC', '1.2')] }],
    ['both generations', { ...CARD, supportedInterfaces: [door('GRPC', '1.0')] }],
    ['several transports of 0.3', { ...CARD, preferredTransport: 'GRPC', additionalInterfaces: [{ url: HOME }] }],
  ])('is spoken to when its card is of %s', (_what, card) => {
    expect(agentOf({ name: 'a', ...card }, HOME).notes).toEqual([]);
  });

  it('without a url is called at its address, which is said', () => {
    const { agent, notes } = agentOf({ ...CARD, url: undefined }, HOME);
    expect(agent).toMatchObject({ address: HOME, endpoint: undefined });
    expect(notes).toEqual(["the card of 'Echo Agent' has no url, so that it is called at the address of its server"]);
  });

  it('is found with members that are null, as some servers write them', () => {
    const card = { name: 'a', description: null, skills: null, capabilities: null, url: null };
    expect(agentOf(card, HOME).agent).toMatchObject({ description: '', skills: [], streaming: false });
  });
});
