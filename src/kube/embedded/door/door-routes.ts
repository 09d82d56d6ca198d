import type { ServerResponse } from 'node:http';
import { StatusError } from '../../api-server/status.js';
import type { EmbeddedApiServer } from '../embedded-api-server.js';
import { unknownResource } from '../errors/refusals.js';
import { DiscoveryRoutes } from './discovery/discovery-routes.js';
import { type Answer, valueAnswer } from './http/answer.js';
import type { DoorRequest } from './http/door-request.js';
import { parseResourcePath } from './http/resource-path.js';
import { serverVersion } from './http/server-version.js';
import type { AdminGate } from './pki/admin-gate.js';
import { ResourceRoutes } from './resources/resource-routes.js';
import { CatalogueWithReviews } from './reviews/review-kinds.js';

const HEALTH = new Set(['/livez', '/readyz', '/healthz']);

/** From a request to what answers it. */
export class DoorRoutes {
  private readonly discovery: DiscoveryRoutes;
  private readonly resources: ResourceRoutes;

  constructor(
    server: EmbeddedApiServer,
    private readonly gate: AdminGate,
    private readonly options: { address: string; version: string },
  ) {
    const catalogue = new CatalogueWithReviews(server.catalogue);
    this.discovery = new DiscoveryRoutes(catalogue, options.address, options.version);
    this.resources = new ResourceRoutes(server, catalogue);
  }

  /** The answer, or undefined when the response is written already. Throws StatusError. */
  async handle(request: DoorRequest, response: ServerResponse): Promise<Answer | undefined> {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && HEALTH.has(path)) return { code: 200, contentType: 'text/plain', body: 'ok' };
    if (reading && path === '/version') return valueAnswer(200, serverVersion(this.options.version));
    if (!this.gate.admits(request.header('authorization'))) throw new StatusError('Unauthorized', 'Unauthorized');
    const resource = parseResourcePath(request.segments);
    if (resource) return this.resources.handle(resource, request, response);
    const answer = this.discovery.handle(request);
    if (!answer) throw unknownResource();
    if (!reading) {
      throw new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    }
    return answer;
  }
}
