import { mergeHeaders } from '../../resources/values/resolve-headers.js';

type Fetch = typeof globalThis.fetch;

/** A `fetch` that sends headers with every request, which win over those of the call. */
export function withHeaders(fetch: Fetch, headers: Record<string, string>): Fetch {
  if (Object.keys(headers).length === 0) return fetch;
  return (input, init) =>
    fetch(input, { ...init, headers: mergeHeaders(Object.fromEntries(new Headers(init?.headers)), headers) });
}
