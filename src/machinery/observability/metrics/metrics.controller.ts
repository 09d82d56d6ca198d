import { Controller, Get, Res } from '@nestjs/common';
import { Needs } from '../../http/route-access.js';
import { PrometheusMetrics } from './prometheus-metrics.js';

interface Reply {
  header(name: string, value: string): unknown;
}

/** Figures of this process for Prometheus. */
@Controller()
export class MetricsController {
  constructor(private readonly metrics: PrometheusMetrics) {}

  /**
   * Prometheus text format 0.0.4, e.g. `ark_bugs_total 0`. What there is: docs/reference/metrics.md. Names agents and models
   * of every namespace, so callers need the role of a reader of all of them.
   */
  @Get('metrics')
  @Needs('read', 'every')
  read(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
