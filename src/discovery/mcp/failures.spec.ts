import { describe, expect, it } from '@jest/globals';
import { denied } from '../../kit/index.js';
import { isBroken, mcpFailure, statusOf, wasNotHandled } from './failures.js';

const failing = (facts: object, cause?: unknown) => Object.assign(new Error('outer', { cause }), facts);

describe('a failure of an MCP server', () => {
  it.each([
    [failing({ code: 'REQUEST_TIMEOUT' }), 'Timeout', {}],
    [failing({ data: { status: 401 } }), 'Unavailable', { status: 401, wwwAuthenticate: 'Bearer x' }],
    [failing({ status: 403 }), 'Denied', { status: 403 }],
    [failing({ status: 503 }), 'Unavailable', { status: 503 }],
    [failing({ code: -32602 }), 'Invalid', {}],
    [failing({}, denied('not there')), 'Denied', {}],
    ['what', 'Unavailable', {}],
  ])('%p is %s', (error, family, details) => {
    const failure = mcpFailure("MCP server 's'", error, { status: 401, text: 'Bearer x' });
    expect(failure).toMatchObject({ family, details });
    expect(failure.message).toMatch(/^MCP server 's'/);
  });

  it('says the innermost cause', () => {
    const error = failing({}, new TypeError('fetch failed', { cause: failing({ message: 'connect ECONNREFUSED' }) }));
    expect(mcpFailure('s', error).message).toBe('s: connect ECONNREFUSED');
  });

  it('is short when what the server says is not MCP', () => {
    const error = failing({ name: 'ZodError', message: '[ { "code": "invalid_union" } ]', issues: [] });
    expect(mcpFailure('s', error).message).toBe('s: it answers, but not as an MCP server does');
  });

  it('knows when the server cannot have acted', () => {
    expect(wasNotHandled(failing({ status: 404 }))).toBe(true);
    expect(wasNotHandled(failing({}, { code: 'ECONNREFUSED' }))).toBe(true);
    expect(wasNotHandled(failing({ code: 'CONNECTION_CLOSED' }))).toBe(false);
    expect(isBroken(failing({ code: 'CONNECTION_CLOSED' }))).toBe(true);
    expect(wasNotHandled(failing({ status: 500 }))).toBe(false);
  });

  it('has a status wherever it is told', () => {
    expect(statusOf(failing({}, { data: { status: 405 } }))).toBe(405);
    expect(statusOf(new Error('none'))).toBeUndefined();
  });
});
