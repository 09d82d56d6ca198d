import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JWK, JWTPayload } from 'jose';
import { type SigningKey, SigningKeys } from '../../storage/signing-keys.js';

const ALGORITHM = 'ES256';
/** How long a signature counts, in seconds: clocks differ, and a copy of it should be of no use for long. */
const COUNTS_SECONDS = 300;
/** The members of an EC key that everybody may know. */
const PUBLIC = ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use'] as const;

/** Proves to receivers that a notification comes from here and is whole. */
@Injectable()
export class PushSignature {
  private key?: Promise<SigningKey>;

  constructor(private readonly keys: SigningKeys) {}

  /** A JWT about a body that goes to `url`: `iat`, `exp`, `jti`, `aud` and the body's SHA-256 in hex. */
  async sign(body: string, url: string): Promise<string> {
    const { SignJWT, importJWK } = await import('jose');
    const { kid, privateJwk } = await this.current();
    const claims: JWTPayload = { request_body_sha256: createHash('sha256').update(body).digest('hex') };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime(`${COUNTS_SECONDS}s`)
      .setJti(randomUUID())
      .setAudience(url)
      .sign(await importJWK(JSON.parse(privateJwk) as JWK, ALGORITHM));
  }

  /** The public key as a JSON Web Key Set. */
  async keySet(): Promise<{ keys: JWK[] }> {
    const jwk = JSON.parse((await this.current()).privateJwk) as JWK;
    return { keys: [Object.fromEntries(PUBLIC.map((name) => [name, jwk[name]])) as JWK] };
  }

  private current(): Promise<SigningKey> {
    this.key ??= this.keys.current(makeKey).catch((error: unknown) => {
      this.key = undefined;
      throw error;
    });
    return this.key;
  }
}

async function makeKey(): Promise<SigningKey> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateJwk: JSON.stringify({ ...jwk, kid, alg: ALGORITHM, use: 'sig' }) };
}
