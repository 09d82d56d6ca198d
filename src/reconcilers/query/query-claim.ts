import { randomUUID } from 'node:crypto';
import { addUsage, type ReconcileContext, type TokenUsage, withCondition } from '../../kit/index.js';
import type { Query, QueryClaim, QueryStatus } from '../../resources/query/query.resource.js';
import { type SpentStatus, spentBefore, spentStatus } from '../../resources/shared/spent.js';
import type { QueryAttempt } from './query-dispatcher.js';

/** The one condition of a Query. False while it goes on; its transition to True is when the time to live begins. */
export const COMPLETED = 'Completed';

/** A Query whose claim this process holds. */
export type ClaimedQuery = Query & { status: QueryStatus & { claim: QueryClaim } };

/**
 * Takes the claim: the first of the two status writes in a Query's life. Throws `Conflict` when the Query has changed
 * since it was read, which is how two processes never hold one claim.
 */
export async function claim(
  query: Query,
  attempt: number,
  holder: string,
  context: ReconcileContext,
): Promise<ClaimedQuery> {
  const now = context.now();
  const lost = lostHolders(query);
  const { tokenUsage, cost } = query.status?.claim ?? {};
  const status: QueryStatus = {
    ...query.status,
    phase: 'running',
    conditions: withCondition(
      query.status?.conditions,
      going('QueryRunning', attempt > 1 ? `Query is running, attempt ${attempt}` : 'Query is running', query),
      now,
    ),
    claim: {
      id: randomUUID(),
      holder,
      attempt,
      since: now.toISOString(),
      ...(lost > 0 ? { lost } : {}),
      ...(tokenUsage ? { tokenUsage } : {}),
      ...(cost ? { cost } : {}),
    },
  };
  return (await context.replaceStatus(query, status)) as ClaimedQuery;
}

/** Holders that ended in the middle of the work, without giving the claim back: by a crash, as far as anybody knows. */
export function lostHolders({ status }: Query): number {
  const held = status?.claim;
  if (!held) return 0;
  const ended = held.released || status.phase === 'input-required';
  return (held.lost ?? 0) + (ended ? 0 : 1);
}

/** Gives the claim back because this process stops, so that the next holder comes at once and no crash is counted. */
export async function releaseClaim(query: ClaimedQuery, context: ReconcileContext, spent?: TokenUsage): Promise<void> {
  const claim = { ...query.status.claim, ...spentInVain(query, spent), released: true };
  await context.replaceStatus<Query>(query, { ...query.status, claim });
}

/** What was spent on attempts that were given back. A run that had paused is repeated, and tells everything again. */
function spentInVain({ status }: ClaimedQuery, spent: TokenUsage | undefined): SpentStatus {
  const responses = [status.response, ...(status.responses ?? [])];
  if (!spent || responses.some((response) => response?.phase === 'input-required')) return {};
  const before = spentBefore(status.claim);
  return spentStatus(before ? addUsage(before, spent) : spent);
}

/** Says that the Query waits for a free slot. */
export async function markQueued(query: Query, context: ReconcileContext): Promise<void> {
  const message = 'Query waits for a free slot';
  await context.replaceStatus(query, {
    ...query.status,
    phase: 'pending',
    conditions: withCondition(query.status?.conditions, going('QueryQueued', message, query), context.now()),
  });
}

function going(reason: string, message: string, query: Query) {
  return { type: COMPLETED, status: 'False' as const, reason, message, observedGeneration: query.metadata.generation };
}

/** What a dispatch is told about the claim. */
export function attemptOf(query: ClaimedQuery): QueryAttempt {
  const { claim: held, a2a, response } = query.status;
  // A decision is no news of the task that asked for it: the engine is asked again, and goes on from there.
  const asked = response?.phase === 'input-required' ? response.a2a?.taskId : undefined;
  const resumeTaskId = asked === undefined ? (a2a?.taskId ?? response?.a2a?.taskId) : undefined;
  return {
    id: held.id,
    number: held.attempt,
    messageId: asked === undefined ? `msg-${query.metadata.uid}` : `msg-${query.metadata.uid}-after-${asked}`,
    ...(resumeTaskId === undefined ? {} : { resumeTaskId }),
  };
}
