import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { configMap, event, namespace, secret, service, serviceAccount } from './core-messages.js';
import type { Field, MessageTable, Scalar } from './field-table.js';
import { deleteOptions } from './meta-messages.js';
import {
  lease,
  newEvent,
  scale,
  selfSubjectAccessReview,
  selfSubjectReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  tokenRequest,
  tokenReview,
} from './other-messages.js';

type Json = Record<string, unknown>;

/** `k8s\0` opens every protobuf body of the Kubernetes API; a `runtime.Unknown` follows. */
const MAGIC = Buffer.from('k8s\0', 'latin1');

const KINDS: Record<string, MessageTable> = {
  'v1/Namespace': namespace,
  'v1/ConfigMap': configMap,
  'v1/Secret': secret,
  'v1/ServiceAccount': serviceAccount,
  'v1/Service': service,
  'v1/Event': event,
  'events.k8s.io/v1/Event': newEvent,
  'coordination.k8s.io/v1/Lease': lease,
  'autoscaling/v1/Scale': scale,
  'authorization.k8s.io/v1/SelfSubjectAccessReview': selfSubjectAccessReview,
  'authorization.k8s.io/v1/SelfSubjectRulesReview': selfSubjectRulesReview,
  'authorization.k8s.io/v1/SubjectAccessReview': subjectAccessReview,
  'authorization.k8s.io/v1/LocalSubjectAccessReview': subjectAccessReview,
  'authentication.k8s.io/v1/TokenReview': tokenReview,
  'authentication.k8s.io/v1/SelfSubjectReview': selfSubjectReview,
  'authentication.k8s.io/v1/TokenRequest': tokenRequest,
};

/**
 * Decodes an `application/vnd.kubernetes.protobuf` body of a kind that typed clients send.
 * Throws with a sentence for other kinds and for bytes that are no such message.
 */
export function decodeProtobuf(body: Uint8Array): Json {
  if (!MAGIC.equals(body.subarray(0, MAGIC.length))) throw new Error('the body does not start with the bytes "k8s\\0"');
  const envelope = readEnvelope(body.subarray(MAGIC.length));
  const { apiVersion, kind } = envelope;
  const table = kind === 'DeleteOptions' ? deleteOptions : KINDS[`${apiVersion}/${kind}`];
  if (!table) throw new Error(`no protobuf form is known for ${apiVersion || '""'} ${kind || '""'}; send it as JSON`);
  return { apiVersion, kind, ...readMessage(table, envelope.raw) };
}

function readEnvelope(bytes: Uint8Array): { apiVersion: string; kind: string; raw: Uint8Array } {
  const typeMeta: MessageTable = {
    fields: { 1: { name: 'apiVersion', type: 'string' }, 2: { name: 'kind', type: 'string' } },
  };
  let type: Json = {};
  let raw: Uint8Array = new Uint8Array();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === 1 && wire === WireType.LengthDelimited) type = readMessage(typeMeta, reader.bytes());
    else if (number === 2 && wire === WireType.LengthDelimited) raw = reader.bytes();
    else reader.skip(wire, number);
  }
  return { apiVersion: textOf(type.apiVersion), kind: textOf(type.kind), raw };
}

function readMessage(table: MessageTable, bytes: Uint8Array): Json {
  const reader = new BinaryReader(bytes);
  const result: Json = {};
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = Object.hasOwn(table.fields, number) ? table.fields[number] : undefined;
    if (!field || wire !== expectedWire(field)) reader.skip(wire, number);
    else if (field.map) readEntry(field, reader.bytes(), result);
    else put(field, readValue(field, reader), result);
  }
  return result;
}

function put(field: Field, value: unknown, into: Json): void {
  if (field.repeated) {
    into[field.name] = [...((into[field.name] as unknown[] | undefined) ?? []), value];
  } else if (value !== undefined && (field.optional || (value !== '' && value !== 0 && value !== false))) {
    into[field.name] = value;
  }
}

function readEntry(field: Field, bytes: Uint8Array, into: Json): void {
  const reader = new BinaryReader(bytes);
  let key = '';
  let value: unknown = '';
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === 1 && wire === WireType.LengthDelimited) key = reader.string();
    else if (number === 2 && wire === expectedWire({ ...field, map: false })) value = readValue(field, reader);
    else reader.skip(wire, number);
  }
  into[field.name] ??= {};
  const map = into[field.name] as Json;
  // A plain assignment would change the prototype for one particular key.
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function expectedWire(field: Field): WireType {
  const varint = !field.map && (field.type === 'int' || field.type === 'bool');
  return varint ? WireType.Varint : WireType.LengthDelimited;
}

function readValue(field: Field, reader: BinaryReader): unknown {
  return typeof field.type === 'string' ? readScalar(field.type, reader) : readMessage(field.type, reader.bytes());
}

function readScalar(type: Scalar, reader: BinaryReader): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'int':
      return Number(reader.int64());
    case 'bool':
      return reader.bool();
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'time':
    case 'microTime':
      return readTime(reader.bytes(), type === 'microTime');
    case 'intOrString':
      return readIntOrString(reader.bytes());
  }
}

function readTime(bytes: Uint8Array, micro: boolean): string | undefined {
  const { seconds = 0, nanos = 0 } = readNumbers(bytes, { 1: 'seconds', 2: 'nanos' });
  const date = new Date(seconds * 1000);
  if ((seconds === 0 && nanos === 0) || Number.isNaN(date.getTime())) return undefined;
  const fraction = micro ? `.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}` : '';
  return date.toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

function readIntOrString(bytes: Uint8Array): number | string {
  const { type = 0, number = 0 } = readNumbers(bytes, { 1: 'type', 2: 'number' });
  if (type === 0) return number;
  return textOf(readMessage({ fields: { 3: { name: 'text', type: 'string' } } }, bytes).text);
}

function readNumbers(bytes: Uint8Array, names: Record<number, string>): Record<string, number> {
  const fields = Object.entries(names).map(([number, name]): [string, Field] => [number, { name, type: 'int' }]);
  return readMessage({ fields: Object.fromEntries(fields) }, bytes) as Record<string, number>;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
