/** Facts about a span: names of the OpenTelemetry conventions where there are any. Never prompts, answers or secrets. */
export type SpanAttributes = Record<string, string | number | boolean | string[]>;

/** A piece of work in a trace, while it lasts. */
export interface Span {
  /** Adds facts; a later one of the same name wins. `error.type` makes the span an error. */
  set(attributes: SpanAttributes): void;
}

/** Shows work in the traces of the Query it belongs to. Without a collector it only does the work. */
export interface Tracer {
  /**
   * Does a piece of work as a span below the current one. What the work throws makes the span an error, and is thrown.
   *
   * @example
   * ```ts
   * const page = await context.tracer.span('read page', () => fetch(url), { 'url.full': url });
   * ```
   */
  span<T>(name: string, work: (span: Span) => Promise<T>, attributes?: SpanAttributes): Promise<T>;
  /** What a request to another service carries on so that its spans join: `traceparent`, `baggage`. Empty without a trace. */
  headers(): Record<string, string>;
}

/** Shows nothing: for tests. */
export const noTracer: Tracer = {
  span: (_, work) => work({ set: () => undefined }),
  headers: () => ({}),
};
