import { expect, it } from '@jest/globals';
import { credentialHeaders } from './connection.js';

it.each([
  [{ token: 't', basic: { username: 'u', password: 'p' } }, { authorization: 'Bearer t' }],
  [{ basic: { username: 'u', password: 'p' } }, { authorization: `Basic ${btoa('u:p')}` }],
  [{ certificate: 'c', key: 'k' }, {}],
  [{ impersonate: { user: 'jane', groups: [] } }, { 'impersonate-user': 'jane' }],
  [
    { impersonate: { user: 'jane', groups: ['a', 'b'] } },
    { 'impersonate-user': 'jane', 'impersonate-group': ['a', 'b'] },
  ],
])('credentials %o travel in the headers %o', (credentials, headers) => {
  expect(credentialHeaders(credentials)).toEqual(headers);
});
