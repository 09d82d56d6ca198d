import { Controller, Get, Header } from '@nestjs/common';
import { BugReports } from './bug-reports.js';

/** Figures of this process for Prometheus. */
@Controller()
export class MetricsController {
  constructor(private readonly bugs: BugReports) {}

  /** Prometheus text format 0.0.4, e.g. `ark_bugs_total 0`. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(): string {
    return [
      '# HELP ark_bugs_total Errors that nobody expected, since the process started; each is in the log.',
      '# TYPE ark_bugs_total counter',
      `ark_bugs_total ${this.bugs.count}`,
      '# HELP process_resident_memory_bytes Resident memory size in bytes.',
      '# TYPE process_resident_memory_bytes gauge',
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      '',
    ].join('\n');
  }
}
