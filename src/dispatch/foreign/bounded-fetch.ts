import { Agent, fetch, Headers, type RequestInit, type Response } from 'undici';
import {
  type EgressRules,
  guardedLookup,
  redactingStream,
  refuseEgress,
  type SecretHolder,
  unavailable,
} from '../../kit/index.js';
import { isA2aRefusal } from './a2a-refusal.js';

/** An engine that says more than this is broken or hostile. */
export const LARGEST_ANSWER = 10 << 20;
const LARGEST_ERROR_TEXT = 4_096;

/** `secrets`: what the request holds that came out of Secrets. */
type Init = RequestInit & { secrets?: readonly string[] };

/** Connections to foreign engines, kept open between calls. The caller's signal is the only clock. */
export function engineConnections(rules: EgressRules): Agent {
  return new Agent({
    connections: 64,
    keepAliveTimeout: 30_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { lookup: guardedLookup(rules) },
  });
}

/**
 * A `fetch` for untrusted peers: follows no redirect, goes to no link-local address, reads no endless body, hears
 * nothing of the secrets in what it sent, and turns every status but 2xx into an error with Ark's wording.
 */
export function boundedFetch(dispatcher: Agent, rules: EgressRules, largest = LARGEST_ANSWER): typeof globalThis.fetch {
  const bounded = async (input: string | URL, { secrets = [], ...init }: Init = {}): Promise<Response> => {
    const url = new URL(input);
    refuseEgress(url, rules);
    const response = await fetch(url, { ...init, dispatcher, redirect: 'manual' });
    const sent = [Object.fromEntries(new Headers(init.headers)), secrets];
    if (response.ok) return limited(response, largest, sent);
    const text = await limited(response, LARGEST_ANSWER, sent).text();
    throw unavailable(`unexpected http status ${response.status}: ${text.slice(0, LARGEST_ERROR_TEXT)}`, {
      reason: 'UnexpectedStatus',
      details: { status: response.status, isA2a: isA2aRefusal(text) },
      retryAfterMs: restAskedFor(response.headers.get('retry-after'), Date.now()),
    });
  };
  return bounded as unknown as typeof globalThis.fetch;
}

/** The header `Retry-After`, seconds or a date, in milliseconds from now; undefined without one that can be read. */
export function restAskedFor(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

function limited(response: Response, largest: number, sent: SecretHolder[]): Response {
  const tooLarge = () => unavailable(`the answer is larger than ${largest >> 20} MiB`, { reason: 'AnswerTooLarge' });
  if (Number(response.headers.get('content-length')) > largest) {
    void response.body?.cancel().catch(() => {});
    throw tooLarge();
  }
  if (!response.body) return response;
  let seen = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > largest) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
  const { status, headers } = response;
  const Wrapped = response.constructor as new (body: unknown, init: object) => Response;
  const redacting = redactingStream(...sent);
  const counted = response.body.pipeThrough(counter as never);
  return new Wrapped(redacting ? counted.pipeThrough(redacting as never) : counted, { status, headers });
}
