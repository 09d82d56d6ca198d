import { expect, it } from '@jest/globals';
import { isNetworkFailure } from './network-failure.js';

it.each<[string, unknown, boolean]>([
  ['nobody answers', new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }), true],
  ['an answer breaks off', new TypeError('terminated', { cause: new Error('other side closed') }), true],
  ['a client of its own gives up', Object.assign(new Error('too late'), { code: 'UND_ERR_HEADERS_TIMEOUT' }), true],
  ['somebody calls what is no function', new TypeError('x.y is not a function'), false],
  ['something else went wrong', new Error('no', { cause: new Error('why') }), false],
  ['nothing was thrown', undefined, false],
])('when %s, that is told apart from bugs', (_what, error, isOne) => {
  expect(isNetworkFailure(error)).toBe(isOne);
});
