import { Controller, Get, Res } from '@nestjs/common';
import { OpenToAll } from '../../http/route-access.js';
import { PrometheusMetrics } from './prometheus-metrics.js';

interface Reply {
  header(name: string, value: string): unknown;
}

/** Figures of this process for Prometheus. */
@Controller()
export class MetricsController {
  constructor(private readonly metrics: PrometheusMetrics) {}

  /** Prometheus text format 0.0.4, e.g. `ark_bugs_total 0`. What there is: docs/reference/metrics.md. */
  @Get('metrics')
  @OpenToAll()
  read(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
