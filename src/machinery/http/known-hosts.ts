import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ownAddresses } from '../../kit/egress/own-addresses.js';
import { type Problem, problemOf } from '../errors/problem.js';
import { isLoopback } from '../settings/read-settings.js';

/**
 * Names that lead to this machine, whoever answers for them: an attacker's page cannot have one of them. nip.io finds
 * addresses anywhere in a name, so nothing before 127 may be one (`203-0-113-9`, `203.0.113.9`, `cb007109`).
 */
const LOCAL =
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|((?![\da-f]{8}\.)[a-z][a-z\d]*(-[a-z][a-z\d]*)*\.)*127(\.\d{1,3}){3}\.nip\.io)$/;
/** What changes nothing may be asked by any page: browsers show it no answer. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A door that asks nobody who they are. */
export interface OpenDoor {
  /** The address it listens on. */
  host: string;
  /** Host names without port that it is called by, too; `*.example.com` is every name below it. */
  allowedHosts: readonly string[];
  /** Where others reach it, and how else its own address is called. */
  publicUrl?: string;
  a2aListenHost?: string;
  /** Origins of pages that may use it. Absent: no setting names any. */
  corsOrigins?: readonly string[];
  /** For whom it refuses: what would help besides naming the host, e.g. `set ARK_AUTH_MODE=token`. */
  remedy?: string;
}

/** What is looked at of a request. */
type Asked = Pick<IncomingMessage, 'headers' | 'method'>;

/**
 * Keeps web pages out of a door that is open because only programs of this machine reach it: a browser is such a
 * program, and a page may point a name of its own at 127.0.0.1 (DNS rebinding), or post a form.
 *
 * Answers 421 for a host that is neither this machine nor named, 403 for a change from a page of such a host. A door
 * that others reach as well answers to every name, unless names are given; its own addresses, by which a kubelet asks it,
 * are always fine: no page can have one.
 */
export function refuseForeignPages(server: FastifyInstance, door: OpenDoor): void {
  const check = foreignPages(door);
  if (!check) return;
  server.addHook('onRequest', (request, reply, done) => {
    const problem = check(request.raw, request.originalUrl);
    if (!problem) return done();
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
}

/** As {@link refuseForeignPages}, for any server: what is wrong with a request, if anything. Absent where every name is fine. */
export function foreignPages(door: OpenDoor): ((asked: Asked, url: string) => Problem | undefined) | undefined {
  const { host, allowedHosts, publicUrl, a2aListenHost } = door;
  if (!isLoopback(host) && allowedHosts.length === 0) return undefined;
  const own = [publicUrl && new URL(publicUrl).hostname, a2aListenHost?.toLowerCase()].filter(Boolean) as string[];
  const known = knownHosts([...allowedHosts, ...own, ...(isLoopback(host) ? [] : ownAddresses().map(inUrl))]);
  return (asked, url) => problemWith(asked, url, known, door);
}

function knownHosts(names: readonly string[]): (host: string) => boolean {
  const exact = new Set(names);
  const endings = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
  return (host) => LOCAL.test(host) || exact.has(host) || endings.some((ending) => host.endsWith(ending));
}

function problemWith(
  { headers, method = '' }: Asked,
  url: string,
  known: (host: string) => boolean,
  { corsOrigins, remedy }: OpenDoor,
): Problem | undefined {
  const path = url.split('?')[0];
  const { host, origin } = headers;
  if (host !== undefined && !known(nameOf(host))) {
    const next = ['add that to ARK_ALLOWED_HOSTS', ...(remedy ? [remedy] : [])].join(', or ');
    const detail = `this door asks nobody who they are, and answers to names of this machine only, not to '${host}': ${next}`;
    return problemOf(Object.assign(new Error(detail), { statusCode: 421 }), path);
  }
  if (origin === undefined || READS.has(method) || corsOrigins?.includes(origin)) return undefined;
  if (known(nameOf(URL.parse(origin)?.host ?? ''))) return undefined;
  const next = corsOrigins ? ': add it to ARK_CORS_ORIGINS' : '';
  const detail = `pages of '${origin}' may change nothing here${next}`;
  return problemOf(Object.assign(new Error(detail), { statusCode: 403 }), path);
}

const inUrl = (address: string): string => (address.includes(':') ? `[${address.toLowerCase()}]` : address);

/** Without the port, and without the dot that a whole name may end with. */
const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
