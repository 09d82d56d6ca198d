import { describe, expect, it } from '@jest/globals';
import { warnings } from './http-channel.js';
import { statusErrorFrom, statusErrorOf } from './status-body.js';

describe('A refusal', () => {
  it('is taken from the Status in the body', () => {
    const details = { name: 'a', kind: 'agents', causes: [{ reason: 'FieldValueInvalid', message: 'm', field: 'f' }] };
    const body = JSON.stringify({
      kind: 'Status',
      message: 'agents "a" is invalid',
      reason: 'Invalid',
      details,
      code: 422,
    });
    expect(statusErrorOf(422, body, 'PUT /x')).toMatchObject({
      family: 'Invalid',
      statusReason: 'Invalid',
      code: 422,
      message: 'agents "a" is invalid',
      statusDetails: details,
    });
  });

  it('without a Status names the request', () => {
    expect(statusErrorOf(404, '404 page not found\n', 'GET /apis/x')).toMatchObject({
      statusReason: 'NotFound',
      message: 'the server could not find the requested resource (GET /apis/x)',
    });
    expect(statusErrorOf(502, '<html>bad gateway</html>', 'GET /x')).toMatchObject({
      family: 'Unavailable',
      statusReason: 'InternalError',
      code: 502,
      message: 'the server answered GET /x with HTTP 502: <html>bad gateway</html>',
    });
  });

  it.each([
    [{ reason: 'Gone', code: 410 }, 'Expired'],
    [{ code: 410 }, 'Expired'],
    [{ reason: 'ServerTimeout', code: 500 }, 'ServiceUnavailable'],
    [{ reason: 'constructor', code: 409 }, 'Conflict'],
    [{ reason: 'Novel', code: 418 }, 'InternalError'],
  ])('of %o is %s', (status, reason) => {
    expect(statusErrorFrom(status as never).statusReason).toBe(reason);
  });
});

describe('Warnings', () => {
  it('are read from one header or several, with quotes inside', () => {
    expect(warnings('299 - "unknown field \\"spec.x\\"", 299 - "second, with a comma"')).toEqual([
      'unknown field "spec.x"',
      'second, with a comma',
    ]);
    expect(warnings(['299 kube "a"', '299 - "b"'])).toEqual(['a', 'b']);
    expect(warnings(undefined)).toEqual([]);
  });
});
