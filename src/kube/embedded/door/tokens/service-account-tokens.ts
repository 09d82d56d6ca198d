import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { ResourceType } from '../../../../kit/resource/resource.js';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { conflict } from '../../errors/refusals.js';
import { secret } from '../../kinds/built-in/secret.js';
import { serviceAccount } from '../../kinds/built-in/service-account.js';
import type { Caller } from './caller.js';

const ALGORITHM = 'ES256';
/** The same as that of most clusters; tokens are for this API server alone, whatever its address. */
const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** Whom a token is for that names nobody. */
export const API_AUDIENCE = ISSUER;

const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

/** What a token is asked for; checked. */
export interface TokenWish {
  audiences: string[];
  seconds: number;
  /** The token ends with this Secret. */
  secret?: { name: string; uid?: string };
}

/** Whose a token is, and for which of the audiences that were asked about. */
export interface ReviewedToken {
  caller: Caller;
  audiences: string[];
}

interface Named {
  name: string;
  uid: string;
}

interface AccountClaims {
  'kubernetes.io'?: { namespace: string; serviceaccount: Named; secret?: Named };
}

/** Tokens of ServiceAccounts: signed by the key of the data folder, good until they expire or their account is deleted. */
export class ServiceAccountTokens {
  /** @param key a private key in PEM, for {@link ALGORITHM} */
  constructor(
    private readonly server: Pick<EmbeddedApiServer, 'get'>,
    private readonly key: string,
  ) {}

  /** Throws NotFound where there is no such account or Secret, Conflict for another Secret of that name. */
  async issue(namespace: string, name: string, wish: TokenWish): Promise<{ token: string; expires: Date }> {
    const { metadata } = await this.server.get(serviceAccount.served.type, { namespace, name });
    const { SignJWT } = await import('jose');
    const now = Math.floor(Date.now() / 1000);
    const claims: AccountClaims = {
      'kubernetes.io': {
        namespace,
        serviceaccount: { name, uid: metadata.uid ?? '' },
        ...(wish.secret ? { secret: await this.bound(namespace, wish.secret) } : {}),
      },
    };
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(username(namespace, name))
      .setAudience(wish.audiences.length > 0 ? wish.audiences : [API_AUDIENCE])
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + wish.seconds)
      .sign(this.signing());
    return { token, expires: new Date((now + wish.seconds) * 1000) };
  }

  /** Whose token it is; undefined for one that is not, or no longer, good for any of the audiences. */
  async owner(token: string, audiences: readonly string[]): Promise<ReviewedToken | undefined> {
    // Most strangers' words are no JWT at all: nothing is loaded for them.
    if (token.split('.').length !== 3) return undefined;
    const { jwtVerify } = await import('jose');
    try {
      const options = { issuer: ISSUER, audience: [...audiences], algorithms: [ALGORITHM] };
      const { payload } = await jwtVerify<AccountClaims>(token, createPublicKey(this.signing()), options);
      const { namespace, serviceaccount, secret: bound } = payload['kubernetes.io'] ?? {};
      if (!namespace || !serviceaccount) return undefined;
      if (!(await this.lives(serviceAccount.served.type, namespace, serviceaccount))) return undefined;
      if (bound && !(await this.lives(secret.served.type, namespace, bound))) return undefined;
      const { name, uid } = serviceaccount;
      const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
      const extra = payload.jti ? { extra: { [CREDENTIAL_ID]: [`JTI=${payload.jti}`] } } : {};
      const meant = [payload.aud ?? []].flat();
      return {
        caller: { username: username(namespace, name), uid, groups, ...extra },
        audiences: audiences.filter((audience) => meant.includes(audience)),
      };
    } catch (error) {
      // A token that is not ours, or expired, or meant for others.
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return undefined;
      throw error;
    }
  }

  private async bound(namespace: string, { name, uid }: { name: string; uid?: string }): Promise<Named> {
    const { metadata } = await this.server.get(secret.served.type, { namespace, name });
    if (uid && uid !== metadata.uid) {
      const text = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
      throw conflict({ ...secret.served.type, plural: 'Secret' }, name, text);
    }
    return { name, uid: metadata.uid ?? '' };
  }

  /** Whether the very object that a token was made for is still there. */
  private async lives(type: ResourceType, namespace: string, { name, uid }: Named): Promise<boolean> {
    try {
      const { metadata } = await this.server.get(type, { namespace, name });
      return metadata.uid === uid && metadata.deletionTimestamp === undefined;
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return false;
      throw error;
    }
  }

  private signing(): KeyObject {
    return createPrivateKey(this.key);
  }
}

const username = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
