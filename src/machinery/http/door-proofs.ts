import type { AuthMode } from '../settings/auth-mode.js';
import type { Settings } from '../settings/settings.js';

/** One proof of identity that doors take: a text that is sent as `Authorization: Bearer`. */
export interface DoorProof {
  /** As agent cards name it. */
  name: string;
  /** For people: where such a text comes from. */
  description: string;
  /** URL of the OpenID Connect issuer that it comes from; absent: something else. */
  issuer?: string;
}

/**
 * Which proofs the doors of this process ask for, each of them enough; none where everybody is let in. Agent cards and
 * the answer to whoever shows none of them say the same, because they read it here.
 */
export class DoorProofs {
  constructor(readonly all: readonly DoorProof[]) {}

  /** Of a process whose doors are closed by `ARK_AUTH_MODE`. */
  static ofSettings({ authMode, oidcIssuer: issuer = '' }: Pick<Settings, 'authMode' | 'oidcIssuer'>): DoorProofs {
    const proofs: Record<AuthMode, DoorProof> = {
      token: { name: 'token', description: 'An API key, or a token of the cluster' },
      oidc: { name: 'oidc', description: 'A token of the issuer, as Bearer', issuer },
    };
    return new DoorProofs(authMode.map((mode) => proofs[mode]));
  }

  /** Of a process of engines that one token opens. */
  static ofEngineToken(token: string | undefined): DoorProofs {
    return new DoorProofs(token === undefined ? [] : [{ name: 'token', description: 'The token of this engine' }]);
  }
}
