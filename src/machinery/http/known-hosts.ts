import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Problem, problemOf } from '../errors/problem.js';

/**
 * Names that lead to this machine, whoever answers for them: an attacker's page cannot have one of them. nip.io finds
 * addresses anywhere in a name, so nothing before 127 may be one (`203-0-113-9`, `203.0.113.9`, `cb007109`).
 */
const LOCAL =
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|((?![\da-f]{8}\.)[a-z][a-z\d]*(-[a-z][a-z\d]*)*\.)*127(\.\d{1,3}){3}\.nip\.io)$/;
/** What changes nothing may be asked by any page: browsers show it no answer. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What else a door that asks nobody who they are is called. */
export interface OtherNames {
  /** Host names without port; `*.example.com` is every name below it. */
  hosts: readonly string[];
  /** Origins of pages that may use the door. */
  origins?: readonly string[];
}

/**
 * Keeps web pages out of a door that is open because only programs of this machine reach it: a browser is such a
 * program, and a page may point a name of its own at 127.0.0.1 (DNS rebinding), or post a form.
 *
 * Answers 421 for a host that is neither this machine nor named, 403 for a change from a page of such a host.
 */
export function refuseForeignPages(server: FastifyInstance, names: OtherNames): void {
  const known = knownHosts(names.hosts);
  server.addHook('onRequest', (request, reply, done) => {
    const problem = problemWith(request, known, names.origins ?? []);
    if (!problem) return done();
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
}

function knownHosts(names: readonly string[]): (host: string) => boolean {
  const exact = new Set(names);
  const endings = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
  return (host) => LOCAL.test(host) || exact.has(host) || endings.some((ending) => host.endsWith(ending));
}

function problemWith(
  { headers, method, originalUrl }: FastifyRequest,
  known: (host: string) => boolean,
  origins: readonly string[],
): Problem | undefined {
  const path = originalUrl.split('?')[0];
  const { host, origin } = headers;
  if (host !== undefined && !known(nameOf(host))) {
    const detail = `this door asks nobody who they are, and answers to names of this machine only, not to '${host}': add that to ARK_ALLOWED_HOSTS, or set ARK_AUTH_MODE=token`;
    return problemOf(Object.assign(new Error(detail), { statusCode: 421 }), path);
  }
  if (origin === undefined || READS.has(method) || origins.includes(origin)) return undefined;
  if (known(nameOf(URL.parse(origin)?.host ?? ''))) return undefined;
  const detail = `pages of '${origin}' may change nothing here: add it to ARK_CORS_ORIGINS`;
  return problemOf(Object.assign(new Error(detail), { statusCode: 403 }), path);
}

/** Without the port, and without the dot that a whole name may end with. */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
