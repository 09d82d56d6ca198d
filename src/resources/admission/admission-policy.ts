/** What an operator may change about admission. */
export interface AdmissionPolicy {
  /**
   * What to do about a Model's base URL that is neither HTTPS nor inside the cluster, or that names a private address:
   * refuse it, or warn. Default: `warn`.
   */
  baseUrlGuard: 'strict' | 'warn';
  /** Accept loopback addresses in Models' base URLs. Default: false. */
  allowLoopback: boolean;
  /** CIDR ranges of private addresses that Models may use, e.g. `10.1.0.0/16`. */
  allowedPrivateRanges: string[];
  /** When not empty, Models may only use these hosts, their sub-domains, and patterns with one `*`. */
  allowedModelDomains: string[];
  /** Team strategies that plugins bring, besides those of Ark. */
  teamStrategies: string[];
  /** Tool types that plugins bring, besides those of Ark. */
  toolTypes: string[];
}

export const DEFAULT_ADMISSION_POLICY: AdmissionPolicy = {
  baseUrlGuard: 'warn',
  allowLoopback: false,
  allowedPrivateRanges: [],
  allowedModelDomains: [],
  teamStrategies: [],
  toolTypes: [],
};
