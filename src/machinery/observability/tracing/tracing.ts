import { AsyncLocalStorage } from 'node:async_hooks';
import { ArkError, type Span, type SpanAttributes, type Tracer } from '../../../kit/index.js';
import { formatBaggage, parseBaggage } from './baggage.js';
import type { RecordedSpan, SpanKind, SpanRecorder } from './span-recorder.js';
import { parseTraceParent, type SpanAddress, traceParent } from './trace-parent.js';

/** What all work on one thing shares, however deep it goes. */
export interface Subject {
  /** On every log line of the work. */
  facts: Record<string, string>;
  /** On every span of the work. */
  attributes: SpanAttributes;
  /** Told to every service that is called. */
  baggage: Record<string, string>;
  /** `traceparent` of who asked for the work. Absent: the current span, if any. */
  parent?: string;
  /** Begins apart from whatever runs at the moment. */
  apart?: boolean;
}

interface Place extends Omit<Subject, 'parent' | 'apart'> {
  span?: SpanAddress;
}

const NOWHERE: Place = { facts: {}, attributes: {}, baggage: {} };
const SILENT: Span = { set: () => undefined };

/** A span whose end is told by who began it. */
export interface OpenSpan extends Span {
  /** Ends it: well, or as a failure of a type, as {@link failureType} tells it. */
  end(failure?: string): void;
}

/**
 * Knows, anywhere in the process, for what the current work is done: log lines, spans and calls to other services say it.
 * Spans are recorded where a recorder was set.
 */
export class Tracing implements Tracer {
  private readonly places = new AsyncLocalStorage<Place>();
  private recorder?: SpanRecorder;

  /** Spans are recorded from now on. */
  recordTo(recorder: SpanRecorder): void {
    this.recorder = recorder;
  }

  get isRecording(): boolean {
    return this.recorder !== undefined;
  }

  /** Whether spans may hold what people, agents and tools say. */
  get withContent(): boolean {
    return this.recorder?.withContent === true;
  }

  /** For log lines: the subject, and `trace_id` and `span_id` while a trace is recorded. */
  facts(): Record<string, string> {
    const place = this.places.getStore();
    if (!place?.span) return place?.facts ?? {};
    return { ...place.facts, trace_id: place.span.traceId, span_id: place.span.spanId };
  }

  /** Does work on a subject. */
  about<T>({ parent, apart, ...subject }: Subject, work: () => T): T {
    const current = (apart ? undefined : this.places.getStore()) ?? NOWHERE;
    const span = (this.recorder && parseTraceParent(parent)) ?? current.span;
    return this.places.run({ ...subject, baggage: { ...current.baggage, ...subject.baggage }, span }, work);
  }

  span<T>(
    name: string,
    work: (span: Span) => Promise<T>,
    attributes: SpanAttributes = {},
    kind: SpanKind = 'internal',
  ): Promise<T> {
    const open = this.begin(name, attributes, kind);
    return open ? this.within(open, work) : work(SILENT);
  }

  private async within<T>(open: RecordedSpan, work: (span: Span) => Promise<T>): Promise<T> {
    const place = this.places.getStore() ?? NOWHERE;
    try {
      const result = await this.places.run({ ...place, span: open.address }, () => work(open));
      open.end();
      return result;
    } catch (error) {
      close(open, failureType(error));
      throw error;
    }
  }

  /** A span that does not hold the work: for what ends in another place than it began. */
  open(name: string, attributes: SpanAttributes, kind: SpanKind = 'internal'): OpenSpan {
    const span = this.begin(name, attributes, kind);
    if (!span) return { ...SILENT, end: () => undefined };
    return {
      set: (more) => span.set(more),
      end: (failure) => close(span, failure),
    };
  }

  /** Does what follows as the answer to a request that may carry a trace. The span ends when `OpenSpan.end` is called. */
  serve(name: string, headers: Record<string, unknown>, next: () => void): OpenSpan {
    const parent = parseTraceParent(text(headers.traceparent), text(headers.tracestate));
    const place = { ...NOWHERE, baggage: parseBaggage(text(headers.baggage)) };
    return this.places.run({ ...place, span: parent }, () => {
      const span = this.begin(name, {}, 'server');
      this.places.run({ ...place, span: span?.address }, next);
      return { set: (more) => span?.set(more), end: (failure) => span && close(span, failure) };
    });
  }

  headers(): Record<string, string> {
    const { span, baggage } = this.places.getStore() ?? NOWHERE;
    if (!span) return {};
    const members = formatBaggage(baggage);
    return {
      traceparent: traceParent(span),
      ...(span.traceState ? { tracestate: span.traceState } : {}),
      ...(members ? { baggage: members } : {}),
    };
  }

  /** A `fetch` whose requests carry the trace on. */
  carrying(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return (input, init) => {
      const own = this.headers();
      if (!own.traceparent) return fetch(input, init);
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(own)) headers.set(name, value);
      return fetch(input, { ...init, headers: Object.fromEntries(headers) });
    };
  }

  async close(): Promise<void> {
    await this.recorder?.close();
  }

  private begin(name: string, attributes: SpanAttributes, kind: SpanKind): RecordedSpan | undefined {
    const place = this.places.getStore() ?? NOWHERE;
    return this.recorder?.begin(name, {
      kind,
      attributes: { ...place.attributes, ...attributes },
      parent: place.span,
    });
  }
}

/** What a span says of an error: its kind, since its text may quote what was said. */
export function failureType(error: unknown): string {
  return error instanceof ArkError ? error.reason : ((error as Error | undefined)?.name ?? 'Error');
}

function close(span: RecordedSpan, failure?: string): void {
  if (failure !== undefined) span.set({ 'error.type': failure });
  span.end();
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
