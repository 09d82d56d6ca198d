import type { Environment } from '@marcbachmann/cel-js';

/** A parsed URL, as rules see it. */
class CelUrl {
  constructor(readonly url: URL) {}
}

/** `isURL`, `url` and what a URL answers. */
export function registerUrls(environment: Environment): void {
  environment
    .registerType('kubernetes.URL', CelUrl)
    .registerFunction('isURL(string): bool', (text: string) => parse(text) !== undefined)
    .registerFunction('url(string): kubernetes.URL', (text: string) => {
      const url = parse(text);
      if (!url) throw new Error(`URL parse error during conversion from string: ${text}`);
      return new CelUrl(url);
    })
    .registerFunction('kubernetes.URL.getScheme(): string', ({ url }: CelUrl) => url.protocol.slice(0, -1))
    .registerFunction('kubernetes.URL.getHost(): string', ({ url }: CelUrl) => url.host)
    .registerFunction('kubernetes.URL.getHostname(): string', ({ url }: CelUrl) => url.hostname.replace(/^\[|\]$/g, ''))
    .registerFunction('kubernetes.URL.getPort(): string', ({ url }: CelUrl) => url.port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', ({ url }: CelUrl) => url.pathname)
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', ({ url }: CelUrl) => {
      return Object.fromEntries([...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]));
    });
}

/** An absolute URL, or a path that begins with a slash, as Go's ParseRequestURI takes it. */
function parse(text: string): URL | undefined {
  if (URL.canParse(text)) return new URL(text);
  return text.startsWith('/') && URL.canParse(text, 'path:') ? new URL(text, 'path:') : undefined;
}
