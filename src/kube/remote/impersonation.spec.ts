import { describe, expect, it } from '@jest/globals';
import { impersonation } from './impersonation.js';

describe('a request in the name of somebody else', () => {
  it('says who it is in the headers that a cluster knows', () => {
    const actor = { user: 'ana@example.com', groups: ['devs', 'a b'] };
    expect(impersonation(actor)).toEqual({
      'impersonate-user': 'ana@example.com',
      'impersonate-group': ['devs', 'a b'],
    });
  });

  it.each(['', ' ana', 'ana\r\nimpersonate-group: system:masters', 'anä'])('is not made as %j', (user) => {
    expect(() => impersonation({ user })).toThrow('is no name');
    expect(() => impersonation({ user: 'ana', groups: [user] })).toThrow('is no name');
  });
});
