import type { SpanAttributes } from '../../../kit/index.js';
import type { SpanAddress } from './trace-parent.js';

export type SpanKind = 'internal' | 'server' | 'client';

export interface SpanStart {
  kind: SpanKind;
  attributes: SpanAttributes;
  /** Absent: the span begins a trace. */
  parent?: SpanAddress;
}

/** A span that was begun; nothing of it is known to others before its end. */
export interface RecordedSpan {
  readonly address: SpanAddress;
  /** `error.type` makes it an error. */
  set(attributes: SpanAttributes): void;
  end(): void;
}

/** Where spans go. */
export interface SpanRecorder {
  /** Whether spans may hold what people, agents and tools say. */
  readonly withContent: boolean;
  begin(name: string, start: SpanStart): RecordedSpan;
  /** Sends what was not sent yet, for at most some seconds. */
  close(): Promise<void>;
}
