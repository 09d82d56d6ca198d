import { type DynamicModule, Module } from '@nestjs/common';
import { type Logger, Metrics } from '../../kit/index.js';
import { BugReports } from './bug-reports.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { PrometheusMetrics } from './metrics/prometheus-metrics.js';
import { RootLogger } from './root-logger.js';
import { Tracing } from './tracing/tracing.js';

export interface ObservabilityOptions {
  logger: Logger;
  tracing: Tracing;
  /** Whether `/metrics` is served at the HTTP door. */
  metricsAtDoor: boolean;
}

/** What lets others see into an application: its logger, its figures, its traces, its bugs. */
@Module({})
export class ObservabilityModule {
  static register({ logger, tracing, metricsAtDoor }: ObservabilityOptions): DynamicModule {
    const shared = [
      { provide: RootLogger, useValue: logger },
      { provide: Tracing, useValue: tracing },
      { provide: Metrics, useExisting: PrometheusMetrics },
      BugReports,
      PrometheusMetrics,
    ];
    return {
      module: ObservabilityModule,
      global: true,
      controllers: metricsAtDoor ? [MetricsController] : [],
      providers: [...shared, ProcessMetrics],
      exports: shared,
    };
  }
}
