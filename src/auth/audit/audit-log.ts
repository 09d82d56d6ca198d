import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { DoorChange } from '../../kube/door-changes.js';
import { factsOf } from '../../machinery/http/request-facts.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import { Settings } from '../../machinery/settings/settings.js';
import { auditEntry, doorEntry } from './audit-entry.js';
import { AuditFile, type AuditTarget, standardOutput } from './audit-target.js';

const TRACE_PARENT = /^00-([0-9a-f]{32})-/;

/** Writes down who changed what through the doors, or was not let: one JSON line for each such request. */
@Injectable()
export class AuditLog implements OnApplicationShutdown {
  private readonly target?: AuditTarget;

  constructor(
    host: HttpAdapterHost,
    { auditLog }: Settings,
    logger: RootLogger,
    private readonly tracing: Tracing,
  ) {
    if (auditLog === 'off') return;
    this.target = auditLog === 'stdout' ? standardOutput : new AuditFile(auditLog, logger);
    this.listen(host.httpAdapter.getInstance<FastifyInstance>(), this.target);
  }

  /** Writes down a change through the door of the embedded API server, which is none of this application's. */
  changed(change: DoorChange): void {
    this.target?.write(`${JSON.stringify(doorEntry(change, new Date()))}\n`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.target?.close();
  }

  private listen(fastify: FastifyInstance, target: AuditTarget): void {
    fastify.addHook('preHandler', (request, _reply, done) => {
      const { trace_id: traceId } = this.tracing.facts() as { trace_id?: string };
      factsOf(request).traceId = traceId ?? TRACE_PARENT.exec(String(request.headers.traceparent ?? ''))?.[1];
      done();
    });
    fastify.addHook('preSerialization', (request, _reply, payload, done) => {
      const { jsonrpc, error } = (payload ?? {}) as { jsonrpc?: unknown; error?: { code?: unknown } };
      if (jsonrpc !== undefined && typeof error?.code === 'number') factsOf(request).errorCode = error.code;
      done(null, payload);
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      const entry = auditEntry(request, reply, new Date());
      if (entry) target.write(`${JSON.stringify(entry)}\n`);
      done();
    });
  }
}
