import { describe, expect, it } from '@jest/globals';
import type { Terminal } from '../terminal.js';
import { eventLine, eventRecord } from './query-events.js';

const terminal = (errIsTty: boolean, env: NodeJS.ProcessEnv = {}) => ({ errIsTty, env }) as Terminal;
const event = (fields: Record<string, unknown>, annotations?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', annotations },
  reason: 'LLMCallStart',
  type: 'Normal',
  ...fields,
});
const noon = new Date('2026-01-01T12:00:00.123Z');

describe('a line about an Event', () => {
  it('prefers the structured data, then the fields of a JSON message, then the message', () => {
    const data = { 'ark.mckinsey.com/event-data': '{"agent":"a"}' };
    expect(eventLine(terminal(false), event({ message: 'x' }, data), noon)).toBe(
      '12:00:00.123 LLMCallStart {"agent":"a"}\n',
    );
    expect(eventLine(terminal(false), event({ message: '{"a":"b","n":1}' }), noon)).toContain('a=b n=1');
    expect(eventLine(terminal(false), event({ message: 'plain' }), noon)).toContain('LLMCallStart plain');
  });

  it('is coloured only where a person looks and did not refuse', () => {
    expect(eventLine(terminal(true), event({ message: 'x' }), noon)).toContain('\u001b[32m');
    expect(eventLine(terminal(true, { NO_COLOR: '1' }), event({ message: 'x' }), noon)).not.toContain('\u001b');
    expect(eventLine(terminal(false), event({ message: 'x' }), noon)).not.toContain('\u001b');
  });

  it('is time, reason and JSON for programs', () => {
    expect(eventRecord(event({ message: 'a\nb' }), noon)).toBe(
      '2026-01-01T12:00:00.123Z LLMCallStart {"message":"a\\nb"}\n',
    );
  });
});
