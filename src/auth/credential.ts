import { UnauthorizedException } from '@nestjs/common';
import { KEY_PREFIX, parseKey } from './key-text.js';

/** What a request shows of its sender. */
export type Credential = { type: 'key'; publicKey: string; secret: string } | { type: 'token'; token: string };

/** 401 with a sentence for a person. */
export const unauthenticated = (sentence: string) => new UnauthorizedException(sentence);

/**
 * 401 for a token of a signer that its issuer does not name. Nobody guesses such a token right, and a valid one looks the
 * same until the issuer's new keys were read: it is no failure to count.
 */
export class UnknownSigner extends UnauthorizedException {}

/**
 * Reads an `Authorization` header: `Bearer` with an API key or a token, or `Basic` with the two parts of a key.
 *
 * @throws 401 saying what is missing or malformed
 */
export function readCredential(header: string | undefined): Credential {
  if (header === undefined) {
    throw unauthenticated('no credentials: send the header "Authorization: Bearer <API key or token>"');
  }
  const [, scheme = '', value = ''] = /^(\S+)\s*(.*)$/.exec(header.trim()) ?? [];
  if (/^bearer$/i.test(scheme)) return readBearer(value);
  if (/^basic$/i.test(scheme)) return readBasic(value);
  throw unauthenticated('the Authorization header must begin with Bearer or Basic');
}

function readBearer(value: string): Credential {
  if (value === '') throw unauthenticated('the bearer token is empty');
  if (!value.startsWith(KEY_PREFIX)) return { type: 'token', token: value };
  return keyOf(value);
}

function readBasic(value: string): Credential {
  const text = Buffer.from(value, 'base64').toString();
  if (!text.includes(':')) throw unauthenticated('the basic credentials must be base64 of public_key:secret_key');
  return keyOf(text.replace(':', '.'));
}

function keyOf(text: string): Credential {
  const key = parseKey(text);
  if (!key) throw unauthenticated('the API key is malformed: it has a public and a secret part, pk-ark-….sk-ark-…');
  return { type: 'key', ...key };
}
