import { setTimeout as pause } from 'node:timers/promises';
import { ArkError, errorText, invalid, type ReconcileContext } from '../../kit/index.js';
import { Query } from '../../resources/query/query.resource.js';
import type { StoredEnding } from './query-answer.js';
import type { ClaimedQuery } from './query-claim.js';
import { endedStatus, isTerminal } from './query-outcome.js';
import { keepTasks } from './waiting-tasks.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 10_000;
/** A server that is there and says no so often, and for so long, will not take this ending. */
const MOST_REFUSALS = 4;
const REFUSED_FOR_MS = 10_000;

/** An ending in few words, for one that the server does not take. */
export const unstorable = (error: unknown): StoredEnding => ({
  kind: 'failed',
  error: invalid(`The answer could not be stored: ${errorText(error)}`),
});

/**
 * Stores how a Query ended. A server that cannot be reached is waited for, however long that takes: the work is done and
 * must not be done again because of a write. A server that refuses the ending is told a short failure instead, and when
 * it refuses that too, its error is thrown.
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
  let refusals: Refusals = { count: 0, since: endedAt };
  for (let failures = 0; !context.signal.aborted; failures++) {
    const current = context.get(Query, claimed.metadata);
    if (current ? isSettled(current, claimed) : failures > 0) return undefined;
    // The cache may lag behind the claim; once it shows the claim it is at least as new.
    const latest = current?.status?.claim?.id === claimed.status.claim.id ? current : claimed;
    try {
      await keepTasks(latest, told, context);
      return await context.replaceStatus(latest, endedStatus(latest, told, endedAt));
    } catch (error) {
      const family = error instanceof ArkError ? error.family : undefined;
      if (family === 'NotFound') return undefined;
      if (isRefusal(error)) refusals = { ...refusals, count: refusals.count + 1 };
      if (family === 'Invalid' || isFinal(refusals, context.now())) {
        if (told !== ending) throw error;
        told = unstorable(error);
        refusals = { count: 0, since: context.now() };
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

interface Refusals {
  count: number;
  since: Date;
}

/** Whether the server was reached and would not, for a reason that may pass: an inner error of its own, or a policy. */
function isRefusal(error: unknown): boolean {
  return !(error instanceof ArkError) || error.family === 'Denied' || error.reason === 'InternalError';
}

function isFinal({ count, since }: Refusals, now: Date): boolean {
  return count >= MOST_REFUSALS && now.getTime() - since.getTime() >= REFUSED_FOR_MS;
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
