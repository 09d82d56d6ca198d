import { describe, expect, it } from '@jest/globals';
import { timeout } from '../../kit/errors/ark-error.js';
import type { Connection } from './connection.js';
import { diedUnderway, failureOf } from './failure.js';

const CONNECTION = { server: 'https://cluster.example', source: 'context "x" of ~/.kube/config' } as Connection;
const CALL = { verb: 'GET' as const, path: '/version' };
const refused = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });

describe('What goes wrong on the way to an API server', () => {
  it.each([
    ['the error itself', refused],
    ['its cause', new Error('outer', { cause: refused })],
    ['the first of an address each', Object.assign(new Error(''), { errors: [refused, new Error('other')] })],
  ])('names the server, where it is known from and %s', (_, error) => {
    expect(failureOf(error, CALL, CONNECTION)).toMatchObject({
      family: 'Unavailable',
      reason: 'ApiServerUnreachable',
      message:
        'the API server https://cluster.example (context "x" of ~/.kube/config) cannot be reached: connect ECONNREFUSED ::1',
    });
  });

  it('is a cancellation once the caller has stopped', () => {
    const stopped = { ...CALL, signal: AbortSignal.abort() };
    expect(failureOf(refused, stopped, CONNECTION)).toMatchObject({
      family: 'Canceled',
      message: 'GET /version was canceled',
    });
  });

  it.each([timeout('too late'), new TypeError('a header that is none')])('stays %s', (error) => {
    expect(failureOf(error, CALL, CONNECTION)).toBe(error);
  });

  it('may have been a death under the request, or nothing that was sent', () => {
    expect(diedUnderway(Object.assign(new Error('hung up'), { code: 'ECONNRESET' }))).toBe(true);
    expect(diedUnderway(refused)).toBe(false);
  });
});
