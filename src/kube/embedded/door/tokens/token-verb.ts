import { StatusError } from '../../../api-server/status.js';
import { unknownResource } from '../../errors/refusals.js';
import { isObject } from '../../json/json.js';
import { decodeObject } from '../content/decode-object.js';
import { type Answer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import type { ResourcePath } from '../http/resource-path.js';
import type { ServiceAccountTokens, TokenWish } from './service-account-tokens.js';

export const TOKEN_REQUEST = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  plural: 'tokenrequests',
  namespaced: true,
};
const AN_HOUR = 3_600;
const LEAST_SECONDS = 600;
const MOST_SECONDS = 2 ** 32;

/** Whether a path is `…/serviceaccounts/{name}/token`. */
export function isTokenPath(path: ResourcePath): boolean {
  return (
    path.group === '' && path.version === 'v1' && path.plural === 'serviceaccounts' && path.subresource === 'token'
  );
}

/** The subresource behind `kubectl create token`. */
export class TokenVerb {
  constructor(private readonly tokens: ServiceAccountTokens) {}

  async create({ namespace, name }: ResourcePath, request: DoorRequest): Promise<Answer> {
    if (!namespace || !name) throw unknownResource();
    if (request.method !== 'POST') {
      throw new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
    }
    const { object } = decodeObject(await request.body(), request.contentType, TOKEN_REQUEST);
    const spec = isObject(object.spec) ? object.spec : {};
    const wish = wishOf(spec, name);
    const { token, expires } = await this.tokens.issue(namespace, name, wish);
    const answered = {
      kind: object.kind,
      apiVersion: object.apiVersion,
      metadata: { name, namespace, creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z') },
      spec: { ...spec, expirationSeconds: wish.seconds },
      status: { token, expirationTimestamp: expires.toISOString().replace(/\.\d+Z$/, 'Z') },
    };
    return valueAnswer(201, answered, request.representation);
  }
}

/** Throws Invalid for what a cluster would not sign. */
function wishOf(spec: Record<string, unknown>, name: string): TokenWish {
  const { audiences, boundObjectRef } = spec;
  const seconds = spec.expirationSeconds ?? AN_HOUR;
  if (typeof seconds !== 'number' || seconds < LEAST_SECONDS) {
    throw invalid(
      name,
      'spec.expirationSeconds',
      `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`,
    );
  }
  if (seconds > MOST_SECONDS) {
    throw invalid(
      name,
      'spec.expirationSeconds',
      `Invalid value: ${seconds}: may not specify a duration larger than 2^32 seconds`,
    );
  }
  const secret = boundSecret(boundObjectRef, name);
  return { audiences: Array.isArray(audiences) ? audiences.map(String) : [], seconds, ...(secret ? { secret } : {}) };
}

/** What a token is bound to besides its account: a Secret, as there are no Pods and Nodes here. */
function boundSecret(reference: unknown, name: string): TokenWish['secret'] {
  if (!isObject(reference)) return undefined;
  const { kind, name: secret, uid } = reference;
  if (kind !== 'Secret' || typeof secret !== 'string') {
    const message = 'Forbidden: tokens of the embedded API server can be bound to a Secret only';
    throw invalid(name, 'spec.boundObjectRef', message);
  }
  return { name: secret, ...(typeof uid === 'string' && uid !== '' ? { uid } : {}) };
}

function invalid(name: string, field: string, message: string): StatusError {
  return new StatusError('Invalid', `TokenRequest.authentication.k8s.io "${name}" is invalid: ${field}: ${message}`, {
    name,
    group: TOKEN_REQUEST.group,
    kind: TOKEN_REQUEST.kind,
    causes: [{ reason: message.startsWith('Forbidden') ? 'FieldValueForbidden' : 'FieldValueInvalid', message, field }],
  });
}
