import { describe, it } from '@jest/globals';
import { onRealApiServer } from './real-cluster.js';

/**
 * Cases about what only the embedded API server has; on a real one they are skipped.
 *
 * @param reason a row of docs/reference/api-servers.md
 */
export function embeddedOnly(reason: string): { describe: typeof describe.skip; it: typeof it.skip } {
  if (!reason) throw new Error('say what only the embedded API server has');
  return onRealApiServer ? { describe: describe.skip, it: it.skip } : { describe, it };
}
