import {
  type EgressRules,
  guardedLookup,
  invalid,
  ProvidesTools,
  redactor,
  refuseEgress,
  sendableHeaders,
  type ToolConfig,
  type ToolContext,
  type ToolResult,
  type ToolType,
  unavailable,
} from 'nest-ark';
import { Agent, type Dispatcher, request } from 'undici';
import { readBounded, unpacked } from './bounded-body.js';
import { fillBody } from './request-body.js';
import { fillUrl } from './url-template.js';

interface HttpSettings {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  bodyParameters?: Record<string, string>;
}

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const WITH_BODY = ['POST', 'PUT', 'PATCH'];
const REDIRECTS = [301, 302, 303, 307, 308];

/** Calls an HTTP endpoint. Settings: the block `spec.http` of a Tool; its `timeout` is kept by the gate. */
@ProvidesTools({ name: 'http', description: 'Calls an HTTP endpoint' })
export class HttpToolType implements ToolType {
  private readonly anywhere = connections({});
  private readonly elsewhere = connections({ loopback: false });

  async call(tool: ToolConfig, args: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
    const settings = tool.settings as unknown as HttpSettings;
    if (!settings.url) throw invalid(`tool '${tool.namespace}/${tool.name}' has no URL: write spec.http.url`);
    const url = fillUrl(settings.url, args);
    const response = await this.send(url, outgoing(settings, args, context), context);
    const redact = redactor(settings.headers ?? {}, settings.bodyParameters ?? {}, tool.secrets ?? []);
    const text = redact(await read(response, url, context.signal));
    if (response.statusCode < 400) return { text };
    return { text: `HTTP status ${response.statusCode}\n${text}`, isError: true };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.anywhere.destroy(), this.elsewhere.destroy()]);
  }

  /** Follows redirects within the origin that the manifest names; its headers may hold keys. */
  private async send(url: URL, first: Outgoing, limits: Limits): Promise<Dispatcher.ResponseData> {
    let target = url;
    let outgoing = first;
    for (let redirects = 0; ; redirects++) {
      refuseEgress(target, limits.egress);
      const response = await this.once(target, outgoing, limits);
      const location = response.headers.location;
      if (!REDIRECTS.includes(response.statusCode) || typeof location !== 'string') return response;
      await response.body.dump();
      if (redirects === MAX_REDIRECTS) throw invalid(`${url.origin} redirects more than ${MAX_REDIRECTS} times`);
      const next = URL.canParse(location, target.href) ? new URL(location, target) : undefined;
      if (next?.origin !== url.origin) {
        throw invalid(
          `${url.origin} redirects to ${next?.origin ?? 'nowhere'}, which the tool's manifest does not name`,
        );
      }
      if (response.statusCode < 307 && outgoing.method !== 'HEAD')
        outgoing = { method: 'GET', headers: withoutBody(first.headers) };
      target = next;
    }
  }

  private async once(url: URL, outgoing: Outgoing, { signal, egress }: Limits): Promise<Dispatcher.ResponseData> {
    const dispatcher = egress.loopback === false ? this.elsewhere : this.anywhere;
    try {
      return await request(url, { ...outgoing, signal, dispatcher });
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(`${url.origin} does not answer: ${reasonOf(error)}`, { cause: error });
    }
  }
}

async function read({ body, headers }: Dispatcher.ResponseData, { origin }: URL, signal: AbortSignal): Promise<string> {
  try {
    return await readBounded(unpacked(body, String(headers['content-encoding'] ?? '')), MAX_BYTES);
  } catch (error) {
    signal.throwIfAborted();
    throw unavailable(`${origin} broke off its answer: ${reasonOf(error)}`, { cause: error });
  }
}

type Limits = Pick<ToolContext, 'signal' | 'egress'>;

const connections = (rules: EgressRules) =>
  new Agent({ connect: { lookup: guardedLookup(rules) }, maxHeaderSize: 64 * 1024 });

interface Outgoing {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  body?: string;
}

function outgoing(
  settings: HttpSettings,
  args: Record<string, unknown>,
  { idempotencyKey, tracer }: Pick<ToolContext, 'idempotencyKey' | 'tracer'>,
): Outgoing {
  const { method = 'GET', body, bodyParameters = {} } = settings;
  const known = method.toUpperCase() as Dispatcher.HttpMethod;
  const own = settings.headers ?? {};
  const headers = { ...tracer.headers(), ...keyed(known, idempotencyKey, own), ...sendableHeaders(own) };
  if (body === undefined || !WITH_BODY.includes(known)) return { method: known, headers };
  const stated = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const { text, contentType } = fillBody(body, args, bodyParameters, stated);
  const type: Record<string, string> = stated === undefined && contentType ? { 'content-type': contentType } : {};
  return { method: known, headers: { ...type, ...headers }, body: text };
}

/** An endpoint that knows the key does not act twice when a call is repeated after a crash; the other methods need none. */
function keyed(method: string, key: string, stated: Record<string, string>): Record<string, string> {
  const own = Object.keys(stated).some((name) => name.toLowerCase() === 'idempotency-key');
  return ['POST', 'PATCH'].includes(method) && !own ? { 'idempotency-key': key } : {};
}

const withoutBody = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)));

/** Libraries hide the cause of a failed connection in one that says "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause, code } = error as { message?: string; cause?: unknown; code?: string };
  return cause instanceof Error ? cause.message : message || code || 'connection failed';
}
