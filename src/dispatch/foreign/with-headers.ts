import { mergeHeaders } from '../../resources/values/resolve-headers.js';

/** What goes with every request to somebody else's server. May hold its token: never log it. */
export interface SentHeaders {
  headers: Record<string, string>;
  /** What came out of Secrets in the headers and in the address. */
  secrets: readonly string[];
}

type Fetch = typeof globalThis.fetch;

/** A `fetch` that sends headers with every request, which win over those of the call, and says what in them is secret. */
export function withHeaders(fetch: Fetch, { headers, secrets }: SentHeaders): Fetch {
  if (Object.keys(headers).length === 0 && secrets.length === 0) return fetch;
  return (input, init) => {
    const merged = mergeHeaders(Object.fromEntries(new Headers(init?.headers)), headers);
    return fetch(input, { ...init, headers: merged, secrets } as RequestInit);
  };
}
