import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Counter, type Logger, Metrics } from '../../kit/index.js';
import { ApiServer } from '../../kube/api-server/api-server.js';
import { systemClock } from '../../machinery/controller/clock.js';
import { EventRecorder } from '../../machinery/controller/event-recorder.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import type { Query } from '../../resources/query/query.resource.js';

/** Milliseconds that Events may take at shutdown. */
const LAST_WRITES_MS = 500;

/** Keeps record of tool calls that were not let through: an Event on the Query, a line in the log, a count. */
@Injectable()
export class ToolRefusals implements OnApplicationShutdown {
  private readonly events: EventRecorder;
  private readonly refusals: Counter;

  constructor(
    server: ApiServer,
    private readonly logger: RootLogger,
    metrics: Metrics,
  ) {
    this.refusals = metrics.counter({
      name: 'ark_tool_calls_refused_total',
      help: 'Calls of tools that were not let through, because no manifest lists them.',
    });
    this.events = new EventRecorder(server, logger, systemClock);
  }

  record(query: Query, message: string, logger: Logger = this.logger): void {
    this.refusals.add();
    logger.warn({}, `Refused a tool call: ${message}`);
    this.events.record(query, { type: 'Warning', reason: 'ToolRefused', message });
  }

  onApplicationShutdown(): Promise<void> {
    return this.events.close(LAST_WRITES_MS);
  }
}
