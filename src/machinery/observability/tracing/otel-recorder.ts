import {
  createTraceState,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../../../kit/index.js';
import type { OtelSettings } from './otel-settings.js';
import { ProtobufExporter } from './otlp/protobuf-exporter.js';
import { ReportingExporter } from './reporting-exporter.js';
import type { RecordedSpan, SpanRecorder, SpanStart } from './span-recorder.js';
import type { SpanAddress } from './trace-parent.js';

const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT };
/** Shorter than a supervisor waits for the whole process. */
const CLOSE_WITHIN_MS = 2_000;

/** Spans for a collector, in batches over OTLP. It registers nothing globally: another application may do its own. */
export class OtelRecorder implements SpanRecorder {
  readonly withContent: boolean;
  private readonly provider: NodeTracerProvider;
  private readonly tracer: OtelTracer;

  constructor({ serviceName, withContent, protobufTo }: OtelSettings, version: string, logger: Logger) {
    this.withContent = withContent;
    const resource = defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }));
    const exporter = protobufTo ? new ProtobufExporter(protobufTo) : new OTLPTraceExporter();
    const spanProcessors = [new BatchSpanProcessor(new ReportingExporter(exporter, logger))];
    this.provider = new NodeTracerProvider({ resource, spanProcessors });
    this.tracer = this.provider.getTracer('nest-ark', version);
  }

  begin(name: string, { kind, attributes, parent }: SpanStart): RecordedSpan {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, remote(parent)) : ROOT_CONTEXT;
    const span = this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, context);
    const { traceId, spanId, traceFlags, traceState } = span.spanContext();
    return {
      address: { traceId, spanId, traceFlags, ...(traceState ? { traceState: traceState.serialize() } : {}) },
      set: (more) => {
        span.setAttributes(more);
        if (more['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      },
      end: () => span.end(),
    };
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_WITHIN_MS);
    });
    // A collector that is gone must not fail the shutdown; the exporter has told of it.
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

function remote({ traceState, ...address }: SpanAddress) {
  return { ...address, isRemote: true, ...(traceState ? { traceState: createTraceState(traceState) } : {}) };
}
