import type { Verb } from '../../kit/index.js';

/** A right of this process in a cluster, beside those that its reconcilers declare. */
export interface Permission {
  /** API group; the core group is empty. */
  group: string;
  /** The plural, with `/status` where only the status is meant. */
  resource: string;
  verbs: readonly (Verb | 'impersonate')[];
  /** In the process's own namespace only. Default: wherever it works. */
  own?: boolean;
  /** Only where a setting wants it; the rules stand in a file of this name. */
  when?: 'query-service-accounts' | 'impersonation';
}
