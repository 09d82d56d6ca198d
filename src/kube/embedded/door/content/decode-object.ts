import { errorText } from '../../../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../../../kit/resource/object.js';
import { apiVersionOf, type ResourceType } from '../../../../kit/resource/resource.js';
import { StatusError } from '../../../api-server/status.js';
import { isObject } from '../../json/json.js';
import { decodeProtobuf } from '../protobuf/decode.js';
import { metadataMismatch } from './metadata-types.js';
import { type ParsedBody, parseJson, parseYaml } from './parse-body.js';

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** Reads a body by its content type. Throws UnsupportedMediaType or BadRequest. */
export function decodeBody(body: Buffer, contentType: string, prefix: string): ParsedBody {
  switch (contentType) {
    case 'application/json':
      return parseJson(body.toString('utf8'), `${prefix}couldn't get version/kind; json parse error: `);
    case 'application/yaml':
    case 'application/x-yaml':
      return parseYaml(body.toString('utf8'), prefix);
    case 'application/vnd.kubernetes.protobuf':
      try {
        return { value: decodeProtobuf(body), findings: [] };
      } catch (error) {
        throw new StatusError('BadRequest', `${prefix}${errorText(error)}`);
      }
    default:
      throw unknownFormat(ACCEPTED);
  }
}

export function unknownFormat(accepted: string): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return new StatusError('UnsupportedMediaType', message);
}

/** A body that is an object of the kind its path names. */
export function decodeObject(
  body: Buffer,
  contentType: string,
  type: ResourceType,
): { object: UntypedObject; findings: string[] } {
  const prefix = `the object provided is unrecognized (must be of type ${type.kind}): `;
  const { value, findings } = decodeBody(body, contentType, prefix);
  return { object: objectOfKind(value, type, prefix), findings };
}

/** Checks that a value is an object of a kind, with metadata to work on. Throws BadRequest. */
export function objectOfKind(value: unknown, type: ResourceType, prefix = ''): UntypedObject {
  if (!isObject(value)) throw new StatusError('BadRequest', `${prefix}the body is not an object`);
  const expected = apiVersionOf(type);
  const { apiVersion, kind } = value;
  if (typeof kind !== 'string' || kind === '') {
    throw new StatusError('BadRequest', `${prefix}Object 'Kind' is missing: send kind: ${type.kind}`);
  }
  if (apiVersion !== expected) {
    const found = typeof apiVersion === 'string' ? apiVersion : '';
    const message = `the API version in the data (${found}) does not match the expected API version (${expected})`;
    throw new StatusError('BadRequest', message);
  }
  if (kind !== type.kind) {
    const message = `${kind} in version "${type.version}" cannot be handled as a ${type.kind}`;
    throw new StatusError('BadRequest', `${message}: this path takes objects of kind ${type.kind}`);
  }
  const metadata = value.metadata ?? {};
  const mismatch = metadataMismatch(metadata);
  if (mismatch) {
    const message = `${kind} in version "${type.version}" cannot be handled as a ${kind}`;
    throw new StatusError('BadRequest', `${message}: json: cannot unmarshal ${mismatch}`);
  }
  return { ...value, metadata: withoutNulls(metadata as Record<string, unknown>) } as unknown as UntypedObject;
}

/** Go reads null as absent. */
function withoutNulls(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
}
