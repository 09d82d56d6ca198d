import { describe, expect, it } from '@jest/globals';
import { eventJson, sentMessage } from './wire.js';

const said = (more: object) => ({ message: { messageId: 'm', role: 'ROLE_USER', ...more } });

describe('HTTP+JSON of protocol 0.3', () => {
  it('names parts as its protobuf messages do', () => {
    const content = [
      { text: 'a' },
      { data: { data: { b: 1 } } },
      { file: { fileWithUri: 'http://c', mimeType: 'image/png' } },
    ];
    expect(sentMessage(said({ content })).message.parts).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'data', data: { b: 1 } },
      { kind: 'file', file: { uri: 'http://c', mimeType: 'image/png' } },
    ]);
  });

  it('is understood in the names of JSON-RPC, too', () => {
    const parts = [
      { kind: 'text', text: 'a' },
      { kind: 'data', data: { b: 1 } },
    ];
    expect(sentMessage(said({ parts })).message.parts).toEqual(parts);
  });

  it.each([
    ['no list of parts', said({})],
    ['a part that holds nothing', said({ content: [{}] })],
    ['a context that is no text', said({ content: [{ text: 'a' }], contextId: 7 })],
    ['a wait that is no yes or no', { ...said({ content: [{ text: 'a' }] }), configuration: { blocking: 'yes' } }],
    ['a length that is no number', { ...said({ content: [{ text: 'a' }] }), configuration: { historyLength: 'x' } }],
  ])('is refused with %s', (_, body) => {
    expect(() => sentMessage(body)).toThrow(/must be|holds/);
  });

  it('spells the end by a cancel as that protocol does', () => {
    const status = { state: 'canceled' as const, timestamp: '2026-01-01T00:00:00Z' };
    const event = { kind: 'status-update' as const, taskId: 't', contextId: 'c', final: true, status };
    expect(eventJson(event)).toEqual({
      statusUpdate: {
        taskId: 't',
        contextId: 'c',
        final: true,
        status: { state: 'TASK_STATE_CANCELLED', timestamp: '2026-01-01T00:00:00Z' },
      },
    });
  });
});
