/** Values of labels by name, e.g. `{ type: 'http' }`. */
export type Labels = Record<string, string>;

/** What a figure is called, and what it means to whoever reads it in Prometheus. */
export interface FigureText {
  /** With its unit at the end, and `_total` for a counter: `ark_tool_calls_total`, `ark_query_duration_seconds`. */
  name: string;
  /** One sentence. */
  help: string;
  /** Names of the labels. Values beyond the thousandth set of a figure are counted as `other`. */
  labels?: readonly string[];
}

/** One value of a figure that is read when somebody asks. */
export interface Reading {
  labels?: Labels;
  value: number;
}

/** A figure that only grows. */
export interface Counter {
  /** `by`: default 1. */
  add(labels?: Labels, by?: number): void;
}

/** A figure of durations. */
export interface Histogram {
  /** Counts one thing that took so many seconds. */
  observe(seconds: number, labels?: Labels): void;
}

/**
 * The figures of this application, served at `/metrics` for Prometheus. Whoever has one declares it where it comes from:
 *
 * @example
 * ```ts
 * constructor(metrics: Metrics) {
 *   this.sold = metrics.counter({ name: 'shop_items_sold_total', help: 'Items sold.', labels: ['item'] });
 * }
 * ```
 *
 * Declared again, by the same name, it is the same figure. Throws `TypeError` when the labels then differ.
 */
export abstract class Metrics {
  /** Something that only grows, counted where it happens. */
  abstract counter(figure: FigureText): Counter;
  /** How long things take, in seconds. */
  abstract histogram(figure: FigureText): Histogram;
  /** Something that goes up and down, read at each scrape. */
  abstract gauge(figure: FigureText, read: () => Reading[]): void;
  /** Something that only grows and is counted elsewhere, read at each scrape. */
  abstract total(figure: FigureText, read: () => Reading[]): void;
}

/** Counts nothing: for tests, and for processes that serve no figures. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => undefined }),
  histogram: () => ({ observe: () => undefined }),
  gauge: () => undefined,
  total: () => undefined,
};
