import { describe, expect, it } from '@jest/globals';
import { sendableHeaders } from './sendable-headers.js';

describe('headers', () => {
  it('lose the newline that keys in files end with', () => {
    expect(sendableHeaders({ Authorization: 'Bearer k\n' })).toEqual({ Authorization: 'Bearer k' });
  });

  it.each([
    ['X-Key', 'my-key\r\nHost: other'],
    ['X-Key', 'my-key☃'],
    ['X Key', 'my-key'],
  ])('that cannot be sent are named without their value: %j: %j', (name, value) => {
    const refusal = () => sendableHeaders({ [name]: value });
    expect(refusal).toThrow(/^header 'X.Key' has characters/);
    expect(refusal).not.toThrow(/my-key/);
  });
});
