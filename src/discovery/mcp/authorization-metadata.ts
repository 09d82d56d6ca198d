import { errorText, invalid, type Logger, shownAddress, unavailable } from '../../kit/index.js';
import type { AuthorizationChallenge, AuthorizationFacts } from '../../reconcilers/mcp-server/mcp-discovery.js';
import { mcpFailure } from './failures.js';

type Fetch = typeof globalThis.fetch;
type Document = Record<string, unknown>;

/**
 * Reads the description of a protected resource (RFC 9728) and of its first authorization server (RFC 8414). Without
 * the second the first is still worth showing, so its failure is logged only.
 */
export async function authorizationFacts(
  challenge: AuthorizationChallenge,
  fetch: Fetch,
  logger: Logger,
): Promise<AuthorizationFacts> {
  const signal = AbortSignal.any([challenge.signal, AbortSignal.timeout(challenge.timeoutMs)]);
  const url = metadataUrl(challenge);
  const resource = await read(url, fetch, signal);
  if (!covers(resource.resource, challenge.address)) {
    throw invalid(
      `${url.href} describes the resource ${String(resource.resource)}, not ${shownAddress(challenge.address)}`,
    );
  }
  const servers = texts(resource.authorization_servers);
  const facts = {
    resourceMetadataURL: url.href,
    ...text('resource', resource.resource),
    ...text('resourceName', resource.resource_name),
    ...list('authorizationServers', servers),
    ...list('scopesSupported', texts(resource.scopes_supported)),
  };
  const issuer = servers[0];
  return issuer === undefined ? facts : { ...facts, ...(await serverFacts(issuer, fetch, signal, logger)) };
}

/** Where the description is: the challenge says it. A server must not send us to other plain-text hosts. */
function metadataUrl({ wwwAuthenticate, address }: AuthorizationChallenge): URL {
  const named = /\bBearer\b.*?\bresource_metadata\s*=\s*(?:"([^"]*)"|([^\s,]+))/is.exec(wwwAuthenticate);
  const url = URL.parse(named?.[1] ?? named?.[2] ?? '');
  if (!url) throw invalid('the server answers 401 without naming its metadata (resource_metadata in WWW-Authenticate)');
  if (url.protocol !== 'https:' && url.origin !== new URL(address).origin) {
    throw invalid(`the server names metadata at ${url.href}, which is neither its own host nor https`);
  }
  return url;
}

async function serverFacts(issuer: string, fetch: Fetch, signal: AbortSignal, logger: Logger) {
  for (const url of serverMetadataUrls(issuer)) {
    try {
      const server = await read(url, fetch, signal);
      return {
        ...text('authorizationEndpoint', server.authorization_endpoint),
        ...text('tokenEndpoint', server.token_endpoint),
        ...text('registrationEndpoint', server.registration_endpoint),
        ...list('grantTypesSupported', texts(server.grant_types_supported)),
        ...list('scopesSupported', texts(server.scopes_supported)),
      };
    } catch (error) {
      logger.info({ issuer, url: url.href, problem: errorText(error) }, 'An authorization server shows no metadata');
    }
  }
  return {};
}

/** RFC 8414 puts the well-known part before the path of the issuer; many servers put it behind, as OpenID does. */
function serverMetadataUrls(issuer: string): URL[] {
  const base = URL.parse(issuer);
  if (!base) return [];
  const path = base.pathname.replace(/\/$/, '');
  const at = (name: string) => [`/.well-known/${name}${path}`, `${path}/.well-known/${name}`];
  const paths = new Set([...at('oauth-authorization-server'), ...at('openid-configuration')]);
  return [...paths].map((each) => new URL(each, base.origin));
}

async function read(url: URL, fetch: Fetch, signal: AbortSignal): Promise<Document> {
  try {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    const document: unknown = response.ok ? await response.json() : await response.body?.cancel();
    if (!response.ok) throw unavailable(`it answers ${response.status}`);
    if (typeof document !== 'object' || document === null) throw invalid('it is not a JSON object');
    return document as Document;
  } catch (error) {
    throw mcpFailure(url.href, error);
  }
}

/** Whether a token for the resource is one for the address: same origin, and at or above its path. */
function covers(resource: unknown, address: string): boolean {
  const wide = typeof resource === 'string' ? URL.parse(resource) : null;
  const asked = new URL(address);
  if (wide?.origin !== asked.origin) return false;
  const within = (path: string) => (path.endsWith('/') ? path : `${path}/`);
  return within(asked.pathname).startsWith(within(wide.pathname));
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

const text = <Name extends string>(name: Name, value: unknown) =>
  (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as Partial<Record<Name, string>>;

const list = <Name extends string>(name: Name, value: string[]) =>
  (value.length > 0 ? { [name]: value } : {}) as Partial<Record<Name, string[]>>;
