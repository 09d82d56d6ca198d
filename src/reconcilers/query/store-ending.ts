import { setTimeout as pause } from 'node:timers/promises';
import { ArkError, errorText, invalid, type ReconcileContext } from '../../kit/index.js';
import { Query } from '../../resources/query/query.resource.js';
import type { StoredEnding } from './query-answer.js';
import type { ClaimedQuery } from './query-claim.js';
import { endedStatus, isTerminal } from './query-outcome.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Stores how a Query ended, however often that takes: the work is done and must not be done again because of a write.
 *
 * @returns the stored Query, or undefined when there is nothing to store any more: it was deleted, somebody else holds
 * its claim, or the process stops.
 */
export async function storeEnding(
  claimed: ClaimedQuery,
  ending: StoredEnding,
  context: ReconcileContext,
): Promise<Query | undefined> {
  const endedAt = context.now();
  let told = ending;
  for (let failures = 0; !context.signal.aborted; failures++) {
    const current = context.get(Query, claimed.metadata);
    if (current ? isSettled(current, claimed) : failures > 0) return undefined;
    // The cache may lag behind the claim; once it shows the claim it is at least as new.
    const latest = current?.status?.claim?.id === claimed.status.claim.id ? current : claimed;
    try {
      return await context.replaceStatus(latest, endedStatus(latest, told, endedAt));
    } catch (error) {
      const family = error instanceof ArkError ? error.family : undefined;
      if (family === 'NotFound') return undefined;
      if (family === 'Invalid') {
        if (told !== ending) throw error;
        told = { kind: 'failed', error: invalid(`The answer could not be stored: ${errorText(error)}`) };
        continue;
      }
      if (family !== 'Conflict') {
        context.logger.warn({ query: claimed.metadata.name, failures }, `The answer waits: ${errorText(error)}`);
      }
    }
    await pauseAfter(failures, context.signal);
  }
  return undefined;
}

/** Another attempt has begun, or the end is stored already although its answer was lost on the way. */
function isSettled(current: Query, claimed: ClaimedQuery): boolean {
  if (current.metadata.uid !== claimed.metadata.uid) return true;
  const held = current.status?.claim;
  return isTerminal(current) || (held !== undefined && held.attempt > claimed.status.claim.attempt);
}

async function pauseAfter(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  await pause(longest * (1 - Math.random() / 2), undefined, { signal }).catch(() => undefined);
}
