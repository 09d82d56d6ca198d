import { isNetworkFailure } from '../../kit/egress/network-failure.js';
import { type ArkError, errorText, unavailable } from '../../kit/errors/ark-error.js';

const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The way to somebody's server: `fetch` that carries the caller's headers, and carries them nowhere else. */
export type Wire = (url: string, init: RequestInit) => Promise<Response>;

/** `headers` go with every request and may hold keys, so a redirect is followed only by reads, and only on one host. */
export function wireWith(headers: Record<string, string> = {}): Wire {
  return async (url, init) => {
    const sent = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const isRead = (init.method ?? 'GET') === 'GET';
    let at = url;
    for (let hops = 0; hops <= (isRead ? MOST_REDIRECTS : 0); hops++) {
      const response = await reach(at, { ...init, headers: sent, redirect: 'manual' });
      if (!REDIRECTS.includes(response.status)) return response;
      await response.body?.cancel();
      const to = URL.parse(response.headers.get('location') ?? '', at);
      if (!isRead || !to || to.origin !== new URL(at).origin) throw redirected(to);
      at = to.href;
    }
    throw unavailable(`More than ${MOST_REDIRECTS} redirects.`, { reason: 'Redirected' });
  };
}

/** `fetch` that says why nothing came: its own text is `fetch failed` for everything. Time-outs are the caller's to tell. */
async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted || !isNetworkFailure(error)) throw error;
    throw unreachable(url, error);
  }
}

/** @returns an error for people of a connection that failed, before or within an answer */
export function unreachable(url: string, error: unknown): ArkError {
  const { cause = error } = error as { cause?: unknown };
  const { errors = [cause] } = cause as { errors?: unknown[] };
  const text = errors.map((one) => (one as Error).message || errorText(one)).join('; ');
  return unavailable(`Nothing answers at ${url}: ${text}. Check the address, and that the server runs.`, {
    reason: 'EngineUnreachable',
  });
}

const redirected = (to: URL | null) =>
  unavailable(`It redirects to ${to?.host ?? 'nowhere'}, which is not followed; give that address instead.`, {
    reason: 'Redirected',
  });
