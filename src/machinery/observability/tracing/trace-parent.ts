/** Where a span belongs, as it crosses processes (W3C Trace Context). */
export interface SpanAddress {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** 1 when the trace is kept. */
  traceFlags: number;
  /** What the vendors of others want to find again. */
  traceState?: string;
}

const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const LONGEST_STATE = 512;

/** Reads a `traceparent`; undefined for anything that is not one, as the standard wants it. */
export function parseTraceParent(text: string | undefined, state?: string): SpanAddress | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = PARENT.exec(text?.trim() ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const traceState = state && state.length <= LONGEST_STATE ? state : undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, ...(traceState ? { traceState } : {}) };
}

export function traceParent({ traceId, spanId, traceFlags }: SpanAddress): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}
