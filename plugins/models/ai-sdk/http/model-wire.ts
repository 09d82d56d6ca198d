import { ArkError, errorText, invalid, type ModelConfig, redactingStream, refuseEgress, unavailable } from 'nest-ark';
import { Headers, type RequestInit, type Response } from 'undici';
import { beginning, bounded, LARGEST_ANSWER } from './bounded-response.js';
import type { Connections } from './connections.js';
import { refusal } from './refusal.js';
import { retryAfterMs, withRetries } from './retries.js';
import { withoutKeys } from './without-keys.js';

export type Body = Record<string, unknown>;

export interface WireOptions {
  config: ModelConfig;
  /** Names the model in messages. */
  subject: string;
  connections: Connections;
  /** The last word on the body of a POST; absent: as the SDK made it. */
  amend?(body: Body): Body;
  /** Headers that prove who calls, asked for at every request. */
  authorize?(): Promise<Record<string, string>>;
  /** Bytes of one answer. */
  largest?: number;
}

/** The way of one model's requests to its provider: properties, headers, retries, limits, errors without keys. */
export class ModelWire {
  constructor(private readonly options: WireOptions) {}

  /** A `fetch` for the AI SDK. It throws `ArkError` instead of returning an answer that is not 2xx. */
  readonly fetch = (async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    refuseEgress(url, this.options.config.egress);
    const request = { ...init, body: this.amended(init.body), headers: await this.headers(init.headers) };
    const signal = init.signal ?? new AbortController().signal;
    return withRetries(() => this.once(url, request), signal);
  }) as unknown as typeof globalThis.fetch;

  private async once(url: URL, request: RequestInit & { headers: Headers }): Promise<Response> {
    const { config, subject, connections, largest = LARGEST_ANSWER } = this.options;
    const secrets = [config.settings, config.headers, config.secrets ?? [], Object.fromEntries(request.headers)];
    const redact = withoutKeys(...secrets);
    let response: Response;
    try {
      response = await connections.fetch(url, request, config.egress);
    } catch (error) {
      if (request.signal?.aborted || error instanceof ArkError) throw error;
      throw unavailable(`${subject} cannot be reached at ${url.origin}: ${redact(reasonOf(error))}`);
    }
    if (response.ok) return bounded(response, subject, largest, redactingStream(...secrets));
    const body = redact(await beginning(response));
    throw refusal({ subject, status: response.status, body, retryAfterMs: retryAfterMs(response.headers) });
  }

  private async headers(given: RequestInit['headers']): Promise<Headers> {
    const own = { ...(await this.credentials()), ...this.options.config.headers };
    try {
      const headers = new Headers(given);
      for (const [name, value] of Object.entries(own)) headers.set(name, value);
      return headers;
    } catch {
      // The library's words quote the value.
      throw invalid(`${this.options.subject}: a key or a header has characters that no HTTP header may have`);
    }
  }

  /** Those who hand out tokens do not know for which model. */
  private async credentials(): Promise<Record<string, string>> {
    try {
      return (await this.options.authorize?.()) ?? {};
    } catch (error) {
      if (!(error instanceof ArkError)) throw error;
      const { family, reason, details, retryAfterMs } = error;
      throw new ArkError(family, `${this.options.subject}: ${error.message}`, { reason, details, retryAfterMs });
    }
  }

  private amended(body: RequestInit['body']): RequestInit['body'] {
    if (!this.options.amend || typeof body !== 'string') return body;
    return JSON.stringify(this.options.amend(JSON.parse(body) as Body));
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError) return errorText(cause.errors[0]);
  return errorText(cause ?? error);
}
