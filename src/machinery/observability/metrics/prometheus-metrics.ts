import { Injectable } from '@nestjs/common';
import client from 'prom-client';
import {
  type Counter,
  type FigureText,
  type Histogram,
  type Labels,
  Metrics,
  type Reading,
} from '../../../kit/index.js';
import { BoundedLabels } from './bounded-labels.js';

/** Seconds, from a cached read to a long conversation with tools. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What every kind of figure is made with. */
interface Settings {
  name: string;
  help: string;
  labelNames: string[];
  registers: client.Registry[];
}

interface Figure {
  labels: string;
  counted: unknown;
}

/** The figures of one application, in a registry of its own. */
@Injectable()
export class PrometheusMetrics extends Metrics {
  private readonly registry = new client.Registry();
  private readonly figures = new Map<string, Figure>();

  /** e.g. `text/plain; version=0.0.4; charset=utf-8` */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Every figure in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  counter(figure: FigureText): Counter {
    return this.once(figure, (bounded, settings) => {
      const counter = new client.Counter(settings);
      return { add: (labels?: Labels, by = 1) => counter.inc(bounded.bound(labels), by) };
    });
  }

  histogram(figure: FigureText): Histogram {
    return this.once(figure, (bounded, settings) => {
      const histogram = new client.Histogram({ ...settings, buckets: BUCKETS });
      return { observe: (seconds: number, labels?: Labels) => histogram.observe(bounded.bound(labels), seconds) };
    });
  }

  gauge(figure: FigureText, read: () => Reading[]): void {
    this.once(figure, (bounded, settings) => {
      const gauge: client.Gauge = new client.Gauge({
        ...settings,
        collect: () => {
          gauge.reset();
          for (const { labels, value } of read()) gauge.inc(bounded.bound(labels), value);
        },
      });
      return gauge;
    });
  }

  total(figure: FigureText, read: () => Reading[]): void {
    this.once(figure, (bounded, settings) => {
      const counter: client.Counter = new client.Counter({
        ...settings,
        collect: () => {
          counter.reset();
          for (const { labels, value } of read()) counter.inc(bounded.bound(labels), value);
        },
      });
      return counter;
    });
  }

  private once<T>({ name, help, labels = [] }: FigureText, make: (bounded: BoundedLabels, settings: Settings) => T): T {
    const text = labels.join();
    const known = this.figures.get(name);
    if (known && known.labels !== text) {
      throw new TypeError(`the figure ${name} has the labels ${known.labels || 'none'}, not ${text || 'none'}`);
    }
    if (known) return known.counted as T;
    const settings = { name, help, labelNames: [...labels], registers: [this.registry] };
    const counted = make(new BoundedLabels(labels), settings);
    this.figures.set(name, { labels: text, counted });
    return counted;
  }
}
