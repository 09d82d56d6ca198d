import { Controller, Get, Res } from '@nestjs/common';
import { OpenToAll } from '../http/route-access.js';
import { HealthChecks, type HealthReport } from './health-checks.js';

interface Reply {
  status(code: number): unknown;
}

/** Tells orchestrators and people whether the process lives and whether it can work. */
@Controller()
export class HealthController {
  constructor(private readonly health: HealthChecks) {}

  /** Alive: the event loop answers. Restarting helps only when this fails. */
  @Get('livez')
  @OpenToAll()
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @OpenToAll()
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<HealthReport> {
    const report = await this.health.report();
    reply.status(report.ok ? 200 : 503);
    return report;
  }

  /** The name that older probes use. */
  @Get('healthz')
  @OpenToAll()
  healthy(@Res({ passthrough: true }) reply: Reply): Promise<HealthReport> {
    return this.ready(reply);
  }
}
