import { describe, expect, it } from '@jest/globals';
import { stableText } from './stable-text.js';

describe('the text of a failure in a status', () => {
  it.each([
    ['overloaded (request id: req_0001234)', 'overloaded (request id: req_0009876)'],
    ['trace-id=abcdef0123 failed', 'trace-id=9876543210 failed'],
    ['task 3f2504e0-4f89-11d3-9a0c-0305e82c3301 died', 'task 11111111-4f89-11d3-9a0c-0305e82c3301 died'],
    ['Please try again in 20ms.', 'Please try again in 1.7s.'],
    ['closed after 1m3.2s', 'closed after 58s'],
    ['down since 2026-01-01T10:00:00Z', 'down since 2026-01-01 10:00:07.123+02:00'],
  ])('is the same for "%s" and "%s"', (one, other) => {
    expect(stableText(new Error(one))).toBe(stableText(new Error(other)));
  });

  it('is bounded, whatever a server says', () => {
    const text = stableText(new Error('x'.repeat(100_000)));
    expect(text.length).toBeLessThan(2_100);
    expect(text.endsWith('…')).toBe(true);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:8080',
    'the model did not answer its probe within 60 seconds',
    'limit of 5 requests in 2 regions',
    'answered 429: quota exceeded',
  ])('keeps what says what went wrong: %s', (text) => {
    expect(stableText(new Error(text))).toBe(text);
  });
});
