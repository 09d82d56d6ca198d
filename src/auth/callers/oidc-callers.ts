import { Injectable } from '@nestjs/common';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { errorText, unavailable } from '../../kit/index.js';
import type { Caller } from '../../machinery/http/caller.js';
import { Settings } from '../../machinery/settings/settings.js';
import { UnknownSigner, unauthenticated } from '../credential.js';
import { allows, parseGrant } from '../grants.js';
import { claimedUser } from './claimed-user.js';
import { ClusterRights } from './cluster-rights.js';

/** Clocks of different machines differ. */
const CLOCK_SKEW_SECONDS = 30;
const WITHIN_MS = 5_000;
/** After an unknown key the keys are read again, but not more often than this. */
const COOLDOWN_MS = 1_000;
/** Signatures that only the issuer can make. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Failures of jose that are the token's. */
const TOKEN_FAULTS: Record<string, string> = {
  ERR_JWT_EXPIRED: 'the token has expired',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'the signature of the token is wrong',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'the token does not say which key it is signed with',
  ERR_JOSE_ALG_NOT_ALLOWED: 'the token is signed in a way that is not accepted',
  ERR_JOSE_NOT_SUPPORTED: 'the token is signed in a way that is not accepted',
  ERR_JWS_INVALID: 'the token is malformed',
  ERR_JWT_INVALID: 'the token is malformed',
};

/**
 * Knows people and programs by the tokens of an OpenID Connect issuer. Their roles come from a claim; where callers are
 * impersonated, from the cluster, which knows them by name.
 */
@Injectable()
export class OidcCallers {
  private keys?: Promise<JWTVerifyGetKey>;

  constructor(
    private readonly settings: Settings,
    private readonly cluster: ClusterRights,
  ) {}

  /** Whether a token says that the issuer made it. Proves nothing. */
  async issued(token: string): Promise<boolean> {
    const { decodeJwt } = await import('jose');
    try {
      return decodeJwt(token).iss === this.settings.oidcIssuer;
    } catch {
      return false;
    }
  }

  /** @throws 401 saying what is wrong with the token; `Unavailable` when the issuer does not answer */
  async find(token: string): Promise<Caller> {
    const claims = await this.verified(token);
    const { impersonation, impersonationUsernameClaim, impersonationGroupsClaim, impersonationPrefix } = this.settings;
    if (impersonation === 'on') {
      const where = { usernameClaim: impersonationUsernameClaim, groupsClaim: impersonationGroupsClaim };
      return this.cluster.callerFor(claimedUser(claims, { ...where, prefix: impersonationPrefix }));
    }
    const grants = this.rolesIn(claims).map(parseGrant);
    return { name: `oidc:${claims.sub}`, may: (verb, namespace) => allows(grants, verb, namespace) };
  }

  private async verified(token: string): Promise<JWTPayload> {
    const { jwtVerify } = await import('jose');
    this.keys ??= this.openKeys().catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    const keys = await this.keys;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: this.settings.oidcIssuer,
        audience: this.settings.oidcAudience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** Where the keys are is said by the issuer itself. They are read again when a token names one that is not known. */
  private async openKeys(): Promise<JWTVerifyGetKey> {
    const { createRemoteJWKSet } = await import('jose');
    const url = `${this.settings.oidcIssuer}/.well-known/openid-configuration`;
    try {
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      const { issuer, jwks_uri: keysAt } = (await response.json()) as { issuer?: string; jwks_uri?: string };
      if (issuer !== this.settings.oidcIssuer) throw new Error(`it says that it is "${issuer}"`);
      return createRemoteJWKSet(new URL(keysAt ?? ''), { timeoutDuration: WITHIN_MS, cooldownDuration: COOLDOWN_MS });
    } catch (error) {
      throw unavailable(`the issuer's configuration at ${url} cannot be read: ${errorText(error)}`, { cause: error });
    }
  }

  private failure(error: unknown): Error {
    const { code = '', claim } = error as { code?: string; claim?: string };
    if (code === 'ERR_JWKS_NO_MATCHING_KEY') {
      return new UnknownSigner('the token is signed with a key that its issuer does not have');
    }
    const sentence = TOKEN_FAULTS[code];
    if (sentence) return unauthenticated(sentence);
    if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED')
      return unauthenticated(`the claim "${claim}" of the token is wrong`);
    return unavailable(`the keys of ${this.settings.oidcIssuer} cannot be read: ${errorText(error)}`, { cause: error });
  }

  /** The roles that the settings give to the values of the claim. */
  private rolesIn(claims: JWTPayload): string[] {
    const { oidcRoles, oidcRolesClaim } = this.settings;
    const value = claims[oidcRolesClaim];
    const values = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(' ') : [];
    return oidcRoles.filter(([name]) => values.includes(name)).map(([, role]) => role);
  }
}
