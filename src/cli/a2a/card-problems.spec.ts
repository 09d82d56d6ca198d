import { describe, expect, it } from '@jest/globals';
import { cardProblems } from './card-problems.js';

const SKILL = { id: 's', name: 'S', description: 'does', tags: ['t'] };
const OLD = { name: 'a', description: 'b', version: '1', url: 'http://a/', capabilities: {}, skills: [SKILL] };
const { url: _url, ...REST } = OLD;
const DOOR = { url: 'http://a/', protocolBinding: 'JSONRPC', protocolVersion: '1.0' };

describe('an agent card', () => {
  it.each([
    ['of 0.3', OLD],
    ['of 1.0', { ...REST, supportedInterfaces: [DOOR, { ...DOOR, url: 'a:50051', protocolBinding: 'GRPC' }] }],
  ])('%s is sound', (_, card) => {
    expect(cardProblems(card)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ ...OLD, name: ' ' }, 'no name'],
    [{ ...OLD, version: 2 }, 'no version'],
    [REST, 'neither url (0.3) nor supportedInterfaces (1.0)'],
    [{ ...OLD, url: 'ftp://a' }, 'url is not an address of http'],
    [{ ...REST, supportedInterfaces: [] }, 'supportedInterfaces is not a list with at least one member'],
    [{ ...REST, supportedInterfaces: [{ ...DOOR, url: 7 }] }, 'supportedInterfaces[0].url is not an address'],
    [
      { ...REST, supportedInterfaces: [{ url: 'http://a/', protocolBinding: 'JSONRPC' }] },
      'supportedInterfaces[0] has no protocolVersion',
    ],
    [
      { ...REST, supportedInterfaces: [{ ...DOOR, url: 'a:50051', protocolBinding: 'GRPC' }] },
      'the card offers GRPC of 1.0; spoken here is JSONRPC of 1.0 and 0.3, and HTTP+JSON of 1.0, one of which it must offer',
    ],
    [{ ...OLD, capabilities: [] }, 'capabilities are not an object'],
    [{ ...OLD, capabilities: { streaming: 'yes' } }, 'capabilities.streaming is neither true nor false'],
    [{ ...OLD, defaultInputModes: 'text' }, 'defaultInputModes is not a list of texts'],
    [{ ...OLD, skills: {} }, 'skills are not a list'],
    [{ ...OLD, skills: [{ ...SKILL, tags: undefined }] }, 'skills[0] has no tags'],
    [{ ...OLD, skills: ['s'] }, 'skills[0] is not an object'],
  ])('that is %j has a problem', (card, problem) => {
    expect(cardProblems(card as Record<string, unknown>)).toEqual([problem]);
  });
});
