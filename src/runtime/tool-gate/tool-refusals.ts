import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '../../kit/index.js';
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
  private total = 0;

  constructor(
    server: ApiServer,
    private readonly logger: RootLogger,
  ) {
    this.events = new EventRecorder(server, logger, systemClock);
  }

  /** Refusals since the process started. */
  get count(): number {
    return this.total;
  }

  record(query: Query, message: string, logger: Logger = this.logger): void {
    this.total += 1;
    logger.warn({ refusals: this.total }, `Refused a tool call: ${message}`);
    this.events.record(query, { type: 'Warning', reason: 'ToolRefused', message });
  }

  onApplicationShutdown(): Promise<void> {
    return this.events.close(LAST_WRITES_MS);
  }
}
