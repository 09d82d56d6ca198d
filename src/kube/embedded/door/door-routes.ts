import type { ServerResponse } from 'node:http';
import { StatusError } from '../../api-server/status.js';
import type { EmbeddedApiServer } from '../embedded-api-server.js';
import { unknownResource } from '../errors/refusals.js';
import { DiscoveryRoutes } from './discovery/discovery-routes.js';
import { type Answer, valueAnswer } from './http/answer.js';
import type { DoorRequest } from './http/door-request.js';
import { parseResourcePath } from './http/resource-path.js';
import { serverVersion } from './http/server-version.js';
import type { Credentials } from './pki/credentials.js';
import { ResourceRoutes } from './resources/resource-routes.js';
import { ReviewDesk } from './reviews/review-desk.js';
import { CatalogueWithReviews, isOwnReview } from './reviews/review-kinds.js';
import { impersonated } from './rights/impersonated.js';
import { refused } from './rights/refused.js';
import { Rights } from './rights/rights.js';
import { CallerGate } from './tokens/caller-gate.js';
import { ServiceAccountTokens } from './tokens/service-account-tokens.js';
import { isTokenPath, TokenVerb } from './tokens/token-verb.js';

const HEALTH = new Set(['/livez', '/readyz', '/healthz']);

/** From a request to what answers it. */
export class DoorRoutes {
  private readonly discovery: DiscoveryRoutes;
  private readonly resources: ResourceRoutes;
  private readonly gate: CallerGate;
  private readonly tokens: TokenVerb;
  private readonly rights: Rights;
  /** Answers reviews, of clients and of this process. */
  readonly desk: ReviewDesk;

  constructor(
    server: EmbeddedApiServer,
    credentials: Pick<Credentials, 'token' | 'accountKey'>,
    private readonly options: { address: string; version: string },
  ) {
    const tokens = new ServiceAccountTokens(server, credentials.accountKey);
    this.gate = new CallerGate(credentials.token, tokens);
    this.tokens = new TokenVerb(tokens);
    const catalogue = new CatalogueWithReviews(server.catalogue);
    this.discovery = new DiscoveryRoutes(catalogue, options.address, options.version);
    this.rights = new Rights(server);
    this.desk = new ReviewDesk(this.gate, this.rights);
    this.resources = new ResourceRoutes(server, catalogue, this.desk);
  }

  /** The answer, or undefined when the response is written already. Throws StatusError. */
  async handle(request: DoorRequest, response: ServerResponse): Promise<Answer | undefined> {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && HEALTH.has(path)) return { code: 200, contentType: 'text/plain', body: 'ok' };
    if (reading && path === '/version') return valueAnswer(200, serverVersion(this.options.version));
    const holder = await this.gate.caller(request.header('authorization'));
    if (!holder) throw new StatusError('Unauthorized', 'Unauthorized');
    request.caller = { holder, as: holder };
    const caller = impersonated(holder, request);
    request.caller.as = caller;
    const resource = parseResourcePath(request.segments);
    if (resource && !isOwnReview(resource) && !(await this.rights.mayEverything(caller))) {
      throw refused(caller, resource, request);
    }
    if (resource && isTokenPath(resource)) return this.tokens.create(resource, request);
    if (resource) return this.resources.handle(resource, caller, request, response);
    const answer = this.discovery.handle(request);
    if (!answer) throw unknownResource();
    if (!reading) {
      throw new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    }
    return answer;
  }
}
