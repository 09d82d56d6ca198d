import type { FastifyRequest } from 'fastify';
import { calledAddress } from '../machinery/http/called-address.js';
import type { DoorProofs } from '../machinery/http/door-proofs.js';

/** RFC 9728: where it stands which issuer's tokens are taken. */
export const RESOURCE_METADATA = '.well-known/oauth-protected-resource';

/**
 * `WWW-Authenticate` for a request that proves nothing (RFC 6750): which kind of credential is wanted, whether the one it
 * has is wrong, and where a program reads who gives out tokens.
 */
export function challengeOf(request: FastifyRequest, { all }: DoorProofs): string {
  const wrong = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  const hasIssuer = all.some(({ issuer }) => issuer !== undefined);
  const metadata = hasIssuer ? `, resource_metadata="${calledAddress(request)}/${RESOURCE_METADATA}"` : '';
  return `Bearer realm="ark"${wrong}${metadata}`;
}
