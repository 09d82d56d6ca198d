import { describe, expect, it } from '@jest/globals';
import { invalid, unavailable } from 'nest-ark';
import { retryAfterMs, waitBefore } from './retries.js';

const headers = (values: Record<string, string>) => new Headers(values);

describe('a request that failed', () => {
  it('is tried again after waits that grow and differ', () => {
    const down = unavailable('down');
    expect([1, 2].map((tries) => waitBefore(down, tries, () => 0))).toEqual([250, 500]);
    expect([1, 2].map((tries) => waitBefore(down, tries, () => 1))).toEqual([500, 1_000]);
    expect(waitBefore(down, 3)).toBeUndefined();
  });

  it('waits as long as the provider asks, within reason', () => {
    expect(waitBefore(unavailable('busy', { retryAfterMs: 1_234 }), 1)).toBe(1_234);
    expect(waitBefore(unavailable('busy', { retryAfterMs: 31_000 }), 1)).toBeUndefined();
  });

  it('is not tried again when the caller must change something', () => {
    expect(waitBefore(invalid('no'), 1)).toBeUndefined();
  });
});

describe('the wish for patience', () => {
  it('is read in each of its forms', () => {
    expect(retryAfterMs(headers({ 'retry-after': '2' }))).toBe(2_000);
    expect(retryAfterMs(headers({ 'retry-after': '2', 'retry-after-ms': '150' }))).toBe(150);
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs(headers({ 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }), now)).toBe(3_000);
    expect(retryAfterMs(headers({ 'retry-after': 'Thu, 01 Jan 2025 00:00:03 GMT' }), now)).toBe(0);
  });

  it('is nothing when it is absent or unreadable', () => {
    expect(retryAfterMs(headers({}))).toBeUndefined();
    expect(retryAfterMs(headers({ 'retry-after': 'soon' }))).toBeUndefined();
  });
});
