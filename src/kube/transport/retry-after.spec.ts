import { expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

it.each([
  [429, '2', 2_000],
  [503, '0', 0],
  [429, undefined, undefined],
  [200, '2', undefined],
  [503, 'Wed, 21 Oct 2015 07:28:00 GMT', undefined],
])('an answer %i with Retry-After %p is asked again after %p ms', (code, header, ms) => {
  const headers = header === undefined ? {} : { 'retry-after': header };
  expect(retryAfterMs({ code, headers, text: '' })).toBe(ms);
});
