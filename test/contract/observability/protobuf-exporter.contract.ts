import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { readCollectorAddress } from '../../../src/machinery/observability/tracing/otlp/collector-address.js';
import { ProtobufExporter } from '../../../src/machinery/observability/tracing/otlp/protobuf-exporter.js';
import { decodeTraces } from '../../harness/otlp-protobuf.js';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

describe('spans in protobuf', () => {
  /** What the collector answers, one after the other; then 200. */
  let answers: number[];
  let bodies: Buffer[];
  let headers: Record<string, unknown>[];
  let results: Result[];
  let server: Server;
  let exporter: ProtobufExporter;
  let provider: NodeTracerProvider;
  beforeEach(async () => {
    [answers, bodies, headers, results] = [[], [], [], []];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        bodies.push(Buffer.concat(parts));
        headers.push({ ...request.headers, url: request.url });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/otel`;
    exporter = new ProtobufExporter(
      readCollectorAddress({
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=open%20sesame',
      }),
    );
    const seeing: SpanExporter = {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          results.push(result);
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
    provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(seeing)] });
  });
  afterEach(async () => {
    await provider.shutdown();
    await new Promise((done) => server.close(done));
  });

  const one = async () => {
    const span = provider.getTracer('t', '1').startSpan('chat script', { kind: SpanKind.CLIENT });
    span.setAttributes({ word: 'über', yes: true, count: -3, share: 0.5, list: ['a', 'b'] });
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    // A refusal is heard here too; the results have it.
    await provider.forceFlush().catch(() => undefined);
    return span.spanContext();
  };

  it('arrive with everything that was said about them', async () => {
    const { traceId, spanId } = await one();
    expect(headers[0]).toMatchObject({
      url: '/otel/v1/traces',
      'content-type': 'application/x-protobuf',
      'x-key': 'open sesame',
    });
    const { resourceSpans } = decodeTraces(bodies[0] ?? Buffer.alloc(0)) as {
      resourceSpans: { scopeSpans: { spans: object[] }[] }[];
    };
    expect(resourceSpans[0]?.scopeSpans[0]?.spans).toEqual([
      {
        traceId,
        spanId,
        name: 'chat script',
        kind: 3,
        startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
        endTimeUnixNano: expect.stringMatching(/^\d{19}$/),
        attributes: [
          { key: 'word', value: { stringValue: 'über' } },
          { key: 'yes', value: { boolValue: true } },
          { key: 'count', value: { intValue: -3 } },
          { key: 'share', value: { doubleValue: 0.5 } },
          { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
        ],
        status: { code: 2 },
        flags: 0x101,
      },
    ]);
  });

  it('are sent again to a collector that has no time', async () => {
    answers = [503];
    await one();
    expect(results).toEqual([{ code: 0 }]);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it('are given up where the collector refuses them, without the key in the reason', async () => {
    answers = [401];
    await one();
    expect(bodies).toHaveLength(1);
    expect(results[0]?.error?.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+ answered 401$/);
  });

  it('that nobody can encode are told as a failure, not thrown at whoever ended a span', async () => {
    const result = await new Promise<Result>((done) => exporter.export([{ resource: {} } as never], done));
    expect(result).toMatchObject({ code: 1, error: expect.any(Error) });
    expect(bodies).toHaveLength(0);
  });
});
