import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const KEY_PREFIX = 'pk-ark-';
const KEY = /^(pk-ark-[\w-]{22})\.(sk-ark-[\w-]{43})$/;

/** An API key in its two parts, as Ark's clients know them. */
export interface KeyText {
  publicKey: string;
  secret: string;
}

/** 128 random bits to find it by, 256 to prove it. */
export const newKey = (): KeyText => ({
  publicKey: `${KEY_PREFIX}${randomBytes(16).toString('base64url')}`,
  secret: `sk-ark-${randomBytes(32).toString('base64url')}`,
});

/** Reads `pk-ark-….sk-ark-…`. */
export function parseKey(text: string): KeyText | undefined {
  const [, publicKey, secret] = KEY.exec(text) ?? [];
  return publicKey && secret ? { publicKey, secret } : undefined;
}

/** What is kept of a secret. It is random in all its bits, so that one round is enough. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares two secrets in a time that tells nothing about them. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
