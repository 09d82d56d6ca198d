import type { FastifyRequest } from 'fastify';

/** Where clients reach a door, when a person said so. */
export interface ListenAddress {
  protocol?: 'http' | 'https';
  host?: string;
  port?: number;
  /** Before the paths of agents, with a slash at its start and none at its end. */
  path?: string;
}

/** What Ark's gateway announces where nobody says otherwise. */
const ARK = { protocol: 'http', host: 'localhost', port: 7184 };
const USUAL_PORTS: Record<string, number> = { http: 80, https: 443 };

/**
 * The address that the client of a request calls, without a slash at the end: what a proxy in front says it was called;
 * else what a person said; else where this request came to.
 */
export function calledAddress(request: FastifyRequest, said: ListenAddress = {}): string {
  const host = forwarded(request, 'host');
  const protocol = forwarded(request, 'proto');
  const prefix = withoutSlashes(forwarded(request, 'prefix') ?? '');
  const calledScheme = protocol === 'https' || protocol === 'http' ? protocol : undefined;
  if (host !== undefined && HOST.test(host)) {
    const scheme = calledScheme ?? 'http';
    return `${scheme}://${withPort(host, scheme, request)}${prefix}`;
  }
  const path = prefix || said.path || '';
  if (said.protocol === undefined && said.host === undefined && said.port === undefined) {
    const scheme = calledScheme ?? request.protocol;
    return `${scheme}://${withPort(request.host, scheme, request)}${path}`;
  }
  const { protocol: scheme, host: name, port } = { ...ARK, ...defined(said) };
  return `${scheme}://${name}${USUAL_PORTS[scheme] === port ? '' : `:${port}`}${path}`;
}

/** A header is a stranger's text, and this one becomes part of a URL. */
const HOST = /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;
const PREFIX = /^[A-Za-z0-9._~/-]*$/;

/** With the port that the proxy was called at, where it says so and the host does not. */
function withPort(host: string, scheme: string, request: FastifyRequest): string {
  const port = Number(forwarded(request, 'port'));
  const isSaid = Number.isInteger(port) && port > 0 && port < 65_536 && !/:\d+$/.test(host);
  return isSaid && USUAL_PORTS[scheme] !== port ? `${host}:${port}` : host;
}

/** `X-Forwarded-*`; of several proxies the first, which the client called. */
function forwarded(request: FastifyRequest, name: 'host' | 'port' | 'proto' | 'prefix'): string | undefined {
  const value = request.headers[`x-forwarded-${name}`];
  return (Array.isArray(value) ? value[0] : value)?.split(',')[0]?.trim();
}

const withoutSlashes = (prefix: string): string =>
  prefix !== '' && PREFIX.test(prefix) ? `/${prefix.replace(/^\/+|\/+$/g, '')}`.replace(/^\/$/, '') : '';

const defined = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
