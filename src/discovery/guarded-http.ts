import { Agent, fetch, Headers, type RequestInit, type Response } from 'undici';
import {
  denied,
  type EgressRules,
  guardedLookup,
  noTracer,
  redactingStream,
  redactor,
  refuseEgress,
  type Tracer,
  unavailable,
} from '../kit/index.js';

/** Bytes of one message of a server. One that says more at once is broken or hostile. */
export const LARGEST_MESSAGE = 10 << 20;

/** What a server answers that wants other rights than it was shown. */
export interface Challenge {
  /** 401, or 403 of a server that wants wider rights. */
  status: number;
  /** `WWW-Authenticate`; empty when there is none. */
  text: string;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** The way to servers over HTTP: kept-alive connections that never lead where they must not. */
export class GuardedHttp {
  private readonly agent: Agent;

  constructor(
    private readonly rules: EgressRules,
    private readonly tracer: Tracer = noTracer,
  ) {
    const connect = { lookup: guardedLookup(rules) };
    // An event stream may be silent for as long as it likes; the caller's signal is the only clock.
    this.agent = new Agent({ keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0, connect });
  }

  /**
   * `fetch` for untrusted peers: guarded, bounded per message, without the secrets of its headers and URL in what they say.
   * Redirects are followed within one origin, since headers may hold keys. `onRefusal` hears of every challenge.
   *
   * @param taken what the headers and the URL hold that came out of Secrets
   */
  fetch(taken: readonly string[] = [], onRefusal: (challenge: Challenge) => void = () => {}): typeof globalThis.fetch {
    const guarded = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
      const given = Object.fromEntries(new Headers(init.headers));
      const url = new URL(input);
      const secrets = [given, Object.fromEntries(url.searchParams), taken];
      const response = await this.exchange(url, { ...init, headers: { ...given, ...this.trace() } });
      const challenge = challengeOf(response);
      if (challenge) onRefusal({ ...challenge, text: redactor(...secrets)(challenge.text) });
      return watched(response, secrets);
    };
    return guarded as unknown as typeof globalThis.fetch;
  }

  private async exchange(url: URL, init: RequestInit, hops = 0): Promise<Response> {
    refuseEgress(url, this.rules);
    const response = await fetch(url, { redirect: 'manual', ...init, dispatcher: this.agent });
    const location = response.headers.get('location');
    if (init.redirect !== undefined || location === null || !REDIRECTS.includes(response.status)) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (!next || !staysHome(url, next)) {
      throw denied(`${url.origin} redirects to ${next?.origin ?? 'nowhere'}: write that address into the resource`);
    }
    if (hops === MOST_REDIRECTS) throw unavailable(`${url.origin} redirects more than ${MOST_REDIRECTS} times`);
    return this.exchange(next, response.status < 307 ? asGet(init) : init, hops + 1);
  }

  private trace(): Record<string, string> {
    const trace = this.tracer.headers();
    return trace.traceparent ? trace : {};
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

/** The challenge of a response, if it is one (RFC 6750). A 403 without a word about scopes forbids for good. */
function challengeOf({ status, headers }: Response): Challenge | undefined {
  const text = headers.get('www-authenticate') ?? '';
  const wanting = status === 401 || (status === 403 && /\binsufficient_scope\b/.test(text));
  return wanting ? { status, text } : undefined;
}

/** Whether a redirect leads to the same origin, or to the same host where nobody listens in. */
export function staysHome(from: URL, to: URL): boolean {
  const isUpgrade = to.hostname === from.hostname && from.protocol === 'http:' && to.protocol === 'https:';
  return to.origin === from.origin || isUpgrade;
}

/** What browsers do with a redirect that is not 307 or 308. */
function asGet(init: RequestInit): RequestInit {
  const headers = Object.entries(init.headers as Record<string, string>).filter(
    ([name]) => !name.startsWith('content-'),
  );
  return {
    ...init,
    method: init.method === 'HEAD' ? 'HEAD' : 'GET',
    body: undefined,
    headers: Object.fromEntries(headers),
  };
}

function watched(response: Response, secrets: object[]): Response {
  const redacting = redactingStream(...secrets);
  if (!response.body || (isShort(response) && !redacting)) return response;
  const events = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  let seen = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const end = events ? lastEventEnd(chunk) : -1;
      seen = end >= 0 ? chunk.byteLength - end : seen + chunk.byteLength;
      if (seen > LARGEST_MESSAGE) controller.error(unavailable('the server sent a message larger than 10 MiB'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  const Wrapped = response.constructor as new (body: unknown, init: object) => Response;
  const counted = response.body.pipeThrough(counter as never);
  const body = redacting ? counted.pipeThrough(redacting as never) : counted;
  return new Wrapped(body, { status, statusText, headers });
}

/** Whether the length is known and small. That of a compressed body says nothing about what comes out of it. */
function isShort({ headers }: Response): boolean {
  const length = headers.get('content-length');
  return length !== null && Number(length) <= LARGEST_MESSAGE && !headers.has('content-encoding');
}

/** Where the last event of the chunk ends; events are separated by an empty line. */
function lastEventEnd(chunk: Uint8Array): number {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\r\n\r\n'));
}
