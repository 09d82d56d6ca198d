import { describe, expect, it } from '@jest/globals';
import { createLogger } from './create-logger.js';

function recording(isTTY = false) {
  const lines: string[] = [];
  return { isTTY, lines, write: (text: string) => lines.push(text) };
}

describe('the logger', () => {
  it('writes one JSON line with level, time, facts and sentence', () => {
    const target = recording();
    createLogger('info', target).child({ controller: 'agent' }).warn({ object: 'a/b' }, 'something is off');
    expect(JSON.parse(target.lines[0]!)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      controller: 'agent',
      object: 'a/b',
      message: 'something is off',
    });
  });

  it('keeps quiet below its level', () => {
    const target = recording();
    createLogger('warn', target).info({}, 'hello');
    expect(target.lines).toEqual([]);
  });

  it('keeps the stack of an error', () => {
    const target = recording();
    createLogger('info', target).error({ err: new Error('boom') }, 'a bug');
    expect(JSON.parse(target.lines[0]!).err.stack).toContain('create-logger.spec');
  });

  it('is short and readable on a terminal', () => {
    const target = recording(true);
    createLogger('info', target).info({ port: 8080 }, 'listening');
    expect(target.lines[0]).toMatch(/^\S*\d\d:\d\d:\d\d\S* \S*info\s+\S* listening \S*port=8080\S*\n$/);
  });
});
