import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeTraces } from './otlp-protobuf.js';

type Value = Record<string, unknown>;

/** A span as a collector gets it. */
export interface CollectedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** 1 internal, 2 server, 3 client. */
  kind: number;
  attributes: Record<string, unknown>;
  /** 2 for an error. */
  status: number;
  service: string;
}

/** A collector that takes traces over OTLP, as protobuf or JSON, and keeps them. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  /** What came over the wire. */
  text = '';
  readonly contentTypes = new Set<string>();
  /** `PATH AUTHORIZATION` of what came. */
  readonly arrivals = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      this.arrivals.add(`${request.url} ${request.headers.authorization}`);
      if (request.url?.endsWith('/v1/traces')) this.take(plain, request.headers['content-type']);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  url = '';

  static async listen(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((done) => collector.server.listen(0, '127.0.0.1', done));
    collector.url = `http://127.0.0.1:${(collector.server.address() as AddressInfo).port}`;
    return collector;
  }

  /**
   * The environment of a program whose spans come here at once.
   *
   * @param path of the endpoint, for services that have one
   */
  env(service: string, path = ''): Record<string, string> {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: this.url + path, OTEL_SERVICE_NAME: service, OTEL_BSP_SCHEDULE_DELAY: '50' };
  }

  /** The one span of a name in a trace. */
  find(traceId: string, name: string, service?: string): CollectedSpan {
    const inTrace = this.spans.filter((span) => span.traceId === traceId);
    const found = inTrace.find((span) => span.name === name && (service === undefined || span.service === service));
    if (found) return found;
    throw new Error(`no span '${name}' among ${inTrace.map((span) => `${span.service}: ${span.name}`).join(', ')}`);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take(body: Buffer, contentType: string | undefined): void {
    // Text is plain to see in protobuf, too.
    this.text += body.toString();
    this.contentTypes.add(contentType ?? '');
    const protobuf = contentType === 'application/x-protobuf';
    const { resourceSpans } = (protobuf ? decodeTraces(body) : JSON.parse(body.toString())) as {
      resourceSpans: { resource: { attributes: Value[] }; scopeSpans: { spans: Value[] }[] }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(flat(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const { name, traceId, spanId, parentSpanId, kind, attributes, status } = span as unknown as CollectedSpan;
        const code = (status as unknown as { code?: number } | undefined)?.code ?? 0;
        const facts = flat(attributes as unknown as Value[]);
        this.spans.push({ name, traceId, spanId, parentSpanId, kind, attributes: facts, status: code, service });
      }
    }
  }
}

function flat(attributes: Value[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value as Value)[0]]));
}
