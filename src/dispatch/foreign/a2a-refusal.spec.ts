import { describe, expect, it } from '@jest/globals';
import { isA2aRefusal } from './a2a-refusal.js';

describe('a refusal', () => {
  it.each([
    ['JSON-RPC', '{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Task not found"}}'],
    ['HTTP+JSON of 1.0', '{"error":{"code":404,"status":"NOT_FOUND","message":"no such task","details":[]}}'],
    ['HTTP+JSON of 0.3', '{"code":-32001,"message":"Task not found"}'],
  ])('in %s is one of A2A', (_, body) => expect(isA2aRefusal(body)).toBe(true));

  it.each(['', '404 page not found\n', '<html><h1>404 Not Found</h1></html>', 'null', '404', '{}', '{"error":null}'])(
    'that says %j is that of a proxy',
    (body) => expect(isA2aRefusal(body)).toBe(false),
  );

  it('in the JSON of a proxy is not one of A2A', () => {
    expect(isA2aRefusal('{"message":"no Route matched with those values"}')).toBe(false);
    expect(isA2aRefusal('{"error":"not found"}')).toBe(false);
  });
});
