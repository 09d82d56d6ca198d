import { describe, expect, it } from '@jest/globals';
import { parseTraceParent, traceParent } from './trace-parent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read and written again', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(parseTraceParent(text, 'a=1')).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1, traceState: 'a=1' });
    expect(traceParent(parseTraceParent(text)!)).toBe(text);
  });

  it('of a later version is read as far as it is known', () => {
    expect(parseTraceParent(`01-${TRACE}-${SPAN}-03-more`)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  });

  it.each([
    undefined,
    '',
    'x',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('%p is none', (text) => {
    expect(parseTraceParent(text)).toBeUndefined();
  });
});
