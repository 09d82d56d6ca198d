import { createServer, type Server, type ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Problem } from '../../errors/problem.js';
import { foreignPages } from '../../http/known-hosts.js';
import { listenOn } from '../../http/listen.js';
import { Settings } from '../../settings/settings.js';
import { RootLogger } from '../root-logger.js';
import { PrometheusMetrics } from './prometheus-metrics.js';

/** Serves `/metrics` at a port of its own, so that the other doors can be open to more than what scrapes. */
@Injectable()
export class MetricsPort implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server?: Server;

  constructor(
    private readonly metrics: PrometheusMetrics,
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { metricsPort: port, host } = this.settings;
    if (port === undefined) return;
    // Whatever the other doors ask for, this one asks nobody who they are.
    const check = foreignPages(this.settings);
    const server = createServer((request, reply) => {
      const { url = '' } = request;
      void this.answer(url, check?.(request, url), reply);
    });
    this.server = server;
    const listening = () =>
      new Promise<void>((done, fail) => {
        server.once('error', fail).listen(port, host, done);
      });
    await listenOn(listening, { port, host, portSetting: 'ARK_METRICS_PORT', hostSetting: '--host or ARK_HOST' });
    const { port: taken } = server.address() as { port: number };
    this.logger.info({ port: taken }, `Figures are served on port ${taken}`);
  }

  beforeApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async answer(url: string, problem: Problem | undefined, reply: ServerResponse): Promise<void> {
    if (problem) {
      reply.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
      return;
    }
    if (url.split('?')[0] !== '/metrics') {
      reply.writeHead(404).end('there is only /metrics\n');
      return;
    }
    try {
      const text = await this.metrics.text();
      reply.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } catch (error) {
      this.logger.error({ err: error }, 'The figures could not be read');
      reply.writeHead(500).end();
    }
  }
}
