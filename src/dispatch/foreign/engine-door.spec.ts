import { describe, expect, it } from '@jest/globals';
import { doorOf, parseCard, safeUrl } from './engine-door.js';

const ADDRESS = 'http://engine.example.com:8000';
const never = (() => Promise.reject(new Error('no call was expected'))) as typeof fetch;
const card = (...doors: [binding: string, version: string][]) => ({
  name: 'e',
  capabilities: { streaming: true },
  supportedInterfaces: doors.map(([protocolBinding, protocolVersion]) => ({
    url: ADDRESS,
    protocolBinding,
    protocolVersion,
  })),
});
const open = async (document: object) => (await doorOf(parseCard(document), ADDRESS, never)).transport;

describe('the way into a foreign engine', () => {
  it.each([
    [
      [
        ['HTTP+JSON', '1.0'],
        ['JSONRPC', '1.0'],
      ],
      'JSONRPC',
      '1.0',
    ],
    [
      [
        ['JSONRPC', '0.3'],
        ['JSONRPC', '1.0'],
      ],
      'JSONRPC',
      '1.0',
    ],
    [
      [
        ['HTTP+JSON', '1.0'],
        ['JSONRPC', '0.3'],
      ],
      'JSONRPC',
      '0.3',
    ],
    [
      [
        ['HTTP+JSON', '1.0'],
        ['GRPC', '1.0'],
      ],
      'HTTP+JSON',
      '1.0',
    ],
    [[], 'JSONRPC', '0.3'],
  ] as [[string, string][], string, string][])('for a card with %j is %s %s', async (doors, name, version) => {
    const transport = await open(card(...doors));
    expect([transport.protocolName, transport.protocolVersion]).toEqual([name, version]);
  });

  it('does not lead where nobody here can go', async () => {
    const shut = open(card(['GRPC', '1.0'], ['JSONRPC', '2.0']));
    await expect(shut).rejects.toThrow('the card offers GRPC of 1.0, JSONRPC of 2.0; spoken here is JSONRPC');
  });

  it('understands a card of 0.3', async () => {
    const transport = await open({ name: 'e', url: ADDRESS, protocolVersion: '0.3.0', capabilities: {}, skills: [] });
    expect([transport.protocolName, transport.protocolVersion]).toEqual(['JSONRPC', '0.3']);
  });

  it.each([
    ['http://engine.example.com:8000/a2a', 'http://engine.example.com:8000/a2a'],
    ['/a2a', 'http://engine.example.com:8000/a2a'],
    ['http://169.254.169.254/latest', ADDRESS],
    ['http://engine.example.com:22/', ADDRESS],
    ['https://0.0.0.0:8000', ADDRESS],
    ['http://[broken', ADDRESS],
  ])('leads from a card that names %s to %s', (named, expected) => {
    expect(safeUrl(named, ADDRESS)).toBe(expected);
  });
});
