import { Injectable } from '@nestjs/common';
import { Metrics } from '../../../kit/index.js';
import { BugReports } from '../bug-reports.js';

/** What every process tells about itself, by the names that Prometheus' own clients use. */
@Injectable()
export class ProcessMetrics {
  constructor(metrics: Metrics, bugs: BugReports) {
    const startedAt = Date.now() / 1000 - process.uptime();
    let loop = performance.eventLoopUtilization();
    const busy = () => {
      const before = loop;
      loop = performance.eventLoopUtilization();
      return performance.eventLoopUtilization(loop, before).utilization;
    };
    const one = (value: number) => [{ value }];
    metrics.total(
      { name: 'ark_bugs_total', help: 'Errors that nobody expected; each is in the log with its stack.' },
      () => one(bugs.count),
    );
    metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.' }, () =>
      one(process.memoryUsage.rss()),
    );
    metrics.gauge({ name: 'nodejs_heap_size_used_bytes', help: 'Used memory of the JavaScript heap in bytes.' }, () =>
      one(process.memoryUsage().heapUsed),
    );
    metrics.gauge(
      { name: 'nodejs_eventloop_utilization', help: 'Share of time the event loop was busy since the last scrape.' },
      () => one(busy()),
    );
    metrics.total({ name: 'process_cpu_seconds_total', help: 'User and system CPU time spent, in seconds.' }, () =>
      one(cpuSeconds()),
    );
    metrics.gauge({ name: 'process_start_time_seconds', help: 'Start of the process, in Unix time.' }, () =>
      one(startedAt),
    );
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
