import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { errorText, unavailable } from '../kit/index.js';
import { RootLogger } from '../machinery/observability/root-logger.js';
import { Settings } from '../machinery/settings/settings.js';
import { isGatewayPath } from './gateway-paths.js';

/** What probes of Ark's own gateway look for. */
const HEALTH = '/health';
const HEALTHY = JSON.stringify({ status: 'healthy', service: 'a2agw' });

/** A second door, for people who let strangers talk to their agents and to nothing else of this process. */
@Injectable()
export class GatewayListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private server?: Server;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly logger: RootLogger,
  ) {}

  /** @throws `Unavailable` naming the setting, when the port cannot be had */
  async onApplicationBootstrap(): Promise<void> {
    const { gatewayPort: port, host } = this.settings;
    if (port === undefined) return;
    const server = createServer((request, response) => this.answer(request, response));
    // Who does not finish a request in time is cut off as at the first door.
    server.requestTimeout = (this.host.httpAdapter.getHttpServer() as Server).requestTimeout;
    try {
      server.listen(port, host);
      await once(server, 'listening');
    } catch (error) {
      throw unavailable(`port ${port} of ${host} (ARK_GATEWAY_PORT) cannot be used: ${errorText(error)}`, {
        cause: error,
      });
    }
    this.server = server;
    const address = server.address();
    const url = `http://${host}:${typeof address === 'object' ? address?.port : port}`;
    this.logger.info({ gateway: url }, `The gateway alone listens on ${url}`);
  }

  /** After the requests under way were answered. */
  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0] ?? '';
    if (isGatewayPath(path)) {
      this.host.httpAdapter.getInstance<FastifyInstance>().routing(request, response);
      return;
    }
    const healthy = request.method === 'GET' && path === HEALTH;
    const problem = { type: 'about:blank', title: 'Not found', status: 404, detail: 'This door leads to agents only.' };
    response.writeHead(healthy ? 200 : 404, {
      'content-type': healthy ? 'application/json' : 'application/problem+json',
    });
    response.end(healthy ? HEALTHY : JSON.stringify(problem));
  }
}
