import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { serviceAccount } from '../../kinds/built-in/service-account.js';
import type { Caller } from './caller.js';

const ALGORITHM = 'ES256';
/** The same as that of most clusters; tokens are for this API server alone, whatever its address. */
const ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** What a token is asked for; checked. */
export interface TokenWish {
  audiences: string[];
  seconds: number;
}

interface AccountClaims {
  'kubernetes.io'?: { namespace: string; serviceaccount: { name: string; uid: string } };
}

/** Tokens of ServiceAccounts: signed by the key of the data folder, good until they expire or their account is deleted. */
export class ServiceAccountTokens {
  /** @param key a private key in PEM, for {@link ALGORITHM} */
  constructor(
    private readonly server: Pick<EmbeddedApiServer, 'get'>,
    private readonly key: string,
  ) {}

  /** Throws NotFound where there is no such account. */
  async issue(namespace: string, name: string, wish: TokenWish): Promise<{ token: string; expires: Date }> {
    const { metadata } = await this.server.get(serviceAccount.served.type, { namespace, name });
    const { SignJWT } = await import('jose');
    const now = Math.floor(Date.now() / 1000);
    const claims: AccountClaims = {
      'kubernetes.io': { namespace, serviceaccount: { name, uid: metadata.uid ?? '' } },
    };
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(username(namespace, name))
      .setAudience(wish.audiences.length > 0 ? wish.audiences : [ISSUER])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + wish.seconds)
      .sign(this.signing());
    return { token, expires: new Date((now + wish.seconds) * 1000) };
  }

  /** Whose token it is; undefined for one that is not, or no longer, good at this API server. */
  async owner(token: string): Promise<Caller | undefined> {
    // Most strangers' words are no JWT at all: nothing is loaded for them.
    if (token.split('.').length !== 3) return undefined;
    const { jwtVerify } = await import('jose');
    try {
      const options = { issuer: ISSUER, audience: ISSUER, algorithms: [ALGORITHM] };
      const { payload } = await jwtVerify<AccountClaims>(token, createPublicKey(this.signing()), options);
      const { namespace, serviceaccount } = payload['kubernetes.io'] ?? {};
      if (!namespace || !serviceaccount) return undefined;
      const { name, uid } = serviceaccount;
      const { metadata } = await this.server.get(serviceAccount.served.type, { namespace, name });
      if (metadata.uid !== uid || metadata.deletionTimestamp) return undefined;
      const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
      return { username: username(namespace, name), uid, groups };
    } catch (error) {
      // A token that is not ours, or expired, or of an account that is gone.
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return undefined;
      if (StatusError.is(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  private signing(): KeyObject {
    return createPrivateKey(this.key);
  }
}

const username = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
