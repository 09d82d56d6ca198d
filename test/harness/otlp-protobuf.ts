import { BinaryReader } from '@bufbuild/protobuf/wire';

type Json = Record<string, unknown>;
type Read = (reader: BinaryReader) => unknown;
/** Name and reader of a field by its number; `name[]` is repeated. */
type Table = Record<number, [name: string, read: Read]>;

const text: Read = (reader) => reader.string();
const hex: Read = (reader) => Buffer.from(reader.bytes()).toString('hex');
const varint: Read = (reader) => reader.uint32();
const nanos: Read = (reader) => String(reader.fixed64());
const message =
  (table: () => Table): Read =>
  (reader) => {
    const end = reader.uint32() + reader.pos;
    return readMessage(reader, end, table());
  };

const list: Table = { 1: ['values[]', message(() => value)] };
const value: Table = {
  1: ['stringValue', text],
  2: ['boolValue', (reader) => reader.bool()],
  3: ['intValue', (reader) => Number(reader.int64())],
  4: ['doubleValue', (reader) => reader.double()],
  5: ['arrayValue', message(() => list)],
};
const keyValue: Table = { 1: ['key', text], 2: ['value', message(() => value)] };
const attribute = message(() => keyValue);
const span: Table = {
  1: ['traceId', hex],
  2: ['spanId', hex],
  3: ['traceState', text],
  4: ['parentSpanId', hex],
  5: ['name', text],
  6: ['kind', varint],
  7: ['startTimeUnixNano', nanos],
  8: ['endTimeUnixNano', nanos],
  9: ['attributes[]', attribute],
  15: ['status', message(() => ({ 2: ['message', text], 3: ['code', varint] }))],
  16: ['flags', (reader) => reader.fixed32()],
};
const scopeSpans: Table = { 2: ['spans[]', message(() => span)] };
const resourceSpans: Table = {
  1: ['resource', message(() => ({ 1: ['attributes[]', attribute] }))],
  2: ['scopeSpans[]', message(() => scopeSpans)],
};

/** An `ExportTraceServiceRequest` in the form that it has as JSON; fields that no test looks at are left out. */
export function decodeTraces(body: Uint8Array): Json {
  const reader = new BinaryReader(body);
  return readMessage(reader, reader.len, { 1: ['resourceSpans[]', message(() => resourceSpans)] });
}

function readMessage(reader: BinaryReader, end: number, table: Table): Json {
  const found: Json = {};
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = table[number];
    if (!field) {
      reader.skip(wire, number);
      continue;
    }
    const [name, read] = field;
    if (!name.endsWith('[]')) found[name] = read(reader);
    else {
      const key = name.slice(0, -2);
      found[key] = [...((found[key] as unknown[] | undefined) ?? []), read(reader)];
    }
  }
  return found;
}
