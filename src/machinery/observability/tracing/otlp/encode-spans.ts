import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

// Field numbers: opentelemetry/proto/{collector/trace,trace,resource,common}/v1 of opentelemetry-proto 1.

type Attributes = Record<string, unknown>;
type Fill = (writer: BinaryWriter) => void;

/** An `ExportTraceServiceRequest` in protobuf with all spans, by resource and scope. */
export function encodeSpans(spans: ReadableSpan[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const ofResource of Map.groupBy(spans, ({ resource }) => resource).values()) {
    message(writer, 1, (resourceSpans) => {
      message(resourceSpans, 1, (resource) => attributes(resource, 1, ofResource[0]?.resource.attributes));
      for (const ofScope of Map.groupBy(ofResource, ({ instrumentationScope }) => instrumentationScope)) {
        message(resourceSpans, 2, (scopeSpans) => encodeScope(scopeSpans, ...ofScope));
      }
    });
  }
  return writer.finish();
}

function encodeScope(writer: BinaryWriter, scope: ReadableSpan['instrumentationScope'], spans: ReadableSpan[]): void {
  message(writer, 1, (one) => {
    text(one, 1, scope.name);
    text(one, 2, scope.version);
  });
  for (const span of spans) message(writer, 2, (one) => encodeSpan(one, span));
  text(writer, 3, scope.schemaUrl);
}

function encodeSpan(writer: BinaryWriter, span: ReadableSpan): void {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const parent = span.parentSpanContext;
  id(writer, 1, traceId);
  id(writer, 2, spanId);
  text(writer, 3, traceState?.serialize());
  if (parent) id(writer, 4, parent.spanId);
  text(writer, 5, span.name);
  // The protocol begins with "unspecified", the API with "internal".
  number(writer, 6, span.kind + 1);
  time(writer, 7, span.startTime);
  time(writer, 8, span.endTime);
  attributes(writer, 9, span.attributes);
  number(writer, 10, span.droppedAttributesCount);
  for (const event of span.events) {
    message(writer, 11, (one) => {
      time(one, 1, event.time);
      text(one, 2, event.name);
      attributes(one, 3, event.attributes);
    });
  }
  number(writer, 12, span.droppedEventsCount);
  message(writer, 15, (status) => {
    text(status, 2, span.status.message);
    number(status, 3, span.status.code);
  });
  // Bits 8 and 9: whether it is known that the parent is elsewhere, and whether it is.
  const elsewhere = 0x100 | (parent?.isRemote ? 0x200 : 0);
  writer.tag(16, WireType.Bit32).fixed32((traceFlags & 0xff) | elsewhere);
}

function attributes(writer: BinaryWriter, field: number, all: Attributes = {}): void {
  for (const [key, value] of Object.entries(all)) {
    if (value === undefined || value === null) continue;
    message(writer, field, (pair) => {
      text(pair, 1, key);
      message(pair, 2, (one) => encodeValue(one, value));
    });
  }
}

function encodeValue(writer: BinaryWriter, value: unknown): void {
  if (typeof value === 'boolean') writer.tag(2, WireType.Varint).bool(value);
  else if (Number.isSafeInteger(value)) writer.tag(3, WireType.Varint).int64(value as number);
  else if (typeof value === 'number') writer.tag(4, WireType.Bit64).double(value);
  else if (Array.isArray(value)) {
    message(writer, 5, (list) => {
      for (const each of value) message(list, 1, (one) => encodeValue(one, each));
    });
  } else writer.tag(1, WireType.LengthDelimited).string(String(value));
}

function message(writer: BinaryWriter, field: number, fill: Fill): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string | undefined): void {
  if (value) writer.tag(field, WireType.LengthDelimited).string(value);
}

function number(writer: BinaryWriter, field: number, value: number): void {
  if (value) writer.tag(field, WireType.Varint).uint32(value);
}

function id(writer: BinaryWriter, field: number, hex: string): void {
  writer.tag(field, WireType.LengthDelimited).bytes(Buffer.from(hex, 'hex'));
}

/** Seconds and nanoseconds, as the API counts, to nanoseconds since 1970. */
function time(writer: BinaryWriter, field: number, [seconds, nanos]: [number, number]): void {
  writer.tag(field, WireType.Bit64).fixed64(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}
