import { StatusError } from '../../../api-server/status.js';
import { type MediaType, parseAccept } from './media-type.js';

/** The form a client wants an answer in. */
export interface Representation {
  format: 'json' | 'yaml';
  as: 'object' | 'Table' | 'PartialObjectMetadata';
  /** Version of `meta.k8s.io` for tables and partial objects. */
  version: 'v1' | 'v1beta1';
}

/** The media type of an answer in this form. */
export function contentTypeOf(representation: Representation): string {
  return representation.format === 'yaml' ? 'application/yaml' : 'application/json';
}

/** The best form both sides speak. Throws NotAcceptable when there is none. */
export function negotiate(header: string | undefined): Representation {
  for (const range of parseAccept(header)) {
    const found = representationOf(range);
    if (found) return found;
  }
  throw new StatusError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  );
}

/** Whether the client prefers aggregated discovery, and in which version. */
export function discoveryVersion(header: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of parseAccept(header)) {
    if (type !== 'application/json') continue;
    const { g, v, as } = parameters;
    if (as === undefined) return undefined;
    if (g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList' && (v === 'v2' || v === 'v2beta1')) return v;
  }
  return undefined;
}

/** The content type of OpenAPI 2.0 as protobuf. Clients ask for it with an @ that no content type may have. */
export const OPENAPI_V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** The form of OpenAPI 2.0 the client prefers. Throws NotAcceptable. */
export function openApiV2Form(header: string | undefined): 'json' | 'protobuf' {
  for (const { type } of parseAccept(header)) {
    if (type.replace('@', '.') === OPENAPI_V2_PROTOBUF) return 'protobuf';
    if (formatOf(type) === 'json') return 'json';
  }
  throw new StatusError(
    'NotAcceptable',
    `only the following media types are accepted: application/json, ${OPENAPI_V2_PROTOBUF}`,
  );
}

function representationOf({ type, parameters }: MediaType): Representation | undefined {
  const format = formatOf(type);
  if (!format) return undefined;
  const { as, v, g } = parameters;
  if (as === undefined) return { format, as: 'object', version: 'v1' };
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  if (as === 'Table') return { format, as, version: v };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') {
    return { format, as: 'PartialObjectMetadata', version: v };
  }
  return undefined;
}

function formatOf(type: string): 'json' | 'yaml' | undefined {
  if (['application/json', 'application/*', '*/*'].includes(type)) return 'json';
  return type === 'application/yaml' || type === 'application/x-yaml' ? 'yaml' : undefined;
}
