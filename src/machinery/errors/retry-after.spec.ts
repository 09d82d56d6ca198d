import { describe, expect, it } from '@jest/globals';
import { invalid, unavailable } from '../../kit/index.js';
import { tellWhenToAskAgain } from './retry-after.js';

describe('a refusal', () => {
  it.each<[unknown, string | undefined]>([
    [unavailable('x', { retryAfterMs: 1_200 }), '2'],
    [Object.assign(new Error('too many'), { retryAfterSeconds: 7 }), '7'],
    [invalid('x'), undefined],
    [new Error('x'), undefined],
    [null, undefined],
  ])('for %p says when to ask again: %p', (error, said) => {
    const headers: Record<string, string> = {};
    tellWhenToAskAgain(error, { header: (name, value) => Object.assign(headers, { [name]: value }) });
    expect(headers['retry-after']).toBe(said);
  });
});
