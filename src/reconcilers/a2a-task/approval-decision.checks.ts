import type { A2ATask, TaskPhase } from '../../resources/a2a-task/a2a-task.resource.js';
import { ApprovalReason } from '../../resources/a2a-task/approval.js';
import { durationOr } from '../../resources/values/duration.js';

/** What a question comes to. */
export interface Decision {
  phase: TaskPhase;
  reason: string;
  message: string;
  error?: string;
}

const REJECTED = 'Tool execution rejected by user';
const FORM = '{"decision":"approved"} or {"decision":"rejected"}';
const NEVER_MS = Number.POSITIVE_INFINITY;

/** Milliseconds until the patience is over; zero or less when it is. */
export function patienceLeft({ metadata, status }: A2ATask, now: Date): number {
  const limit = durationOr(status?.protocolMetadata?.timeout, NEVER_MS);
  const since = Date.parse(status?.startTime ?? metadata.creationTimestamp ?? '');
  return Number.isNaN(since) ? NEVER_MS : since + limit - now.getTime();
}

/**
 * The end of a question, or what is wrong with the answer; undefined while nothing is decided.
 *
 * An approval that comes too late is none, and one that is only seen too late is one; a rejection counts even late, where
 * the clock would have let the call pass.
 */
export function decisionOn(task: A2ATask, now: Date): Decision | undefined {
  const said = decisionIn(task.spec.input);
  const at = said === 'approved' ? (answeredAt(task) ?? now) : now;
  if (said === 'rejected' || patienceLeft(task, at) > 0) return said && DECIDED[said];
  const { timeout = '', onTimeout } = task.status?.protocolMetadata ?? {};
  if (onTimeout === 'proceed') {
    const message = `Nobody decided within ${timeout}; the call is made, as onTimeout says`;
    return { phase: 'completed', reason: ApprovalReason.expiredProceed, message };
  }
  const error = `approval timed out after ${timeout}`;
  return { phase: 'failed', reason: ApprovalReason.expiredReject, message: error, error };
}

/** When `spec.input` was written, to the second, as the API server noted it. */
function answeredAt({ metadata }: A2ATask): Date | undefined {
  const times = (metadata.managedFields ?? []).flatMap(({ fieldsV1, time }) =>
    time !== undefined && holdsInput(fieldsV1) ? [Date.parse(time)] : [],
  );
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}

const holdsInput = (fields: unknown) =>
  (fields as { 'f:spec'?: { 'f:input'?: object } } | undefined)?.['f:spec']?.['f:input'] !== undefined;

type Said = 'approved' | 'rejected' | 'unclear';

const DECIDED: Record<Said, Decision> = {
  approved: { phase: 'completed', reason: ApprovalReason.granted, message: 'Approved' },
  rejected: { phase: 'failed', reason: ApprovalReason.rejected, message: REJECTED, error: REJECTED },
  unclear: {
    phase: 'input-required',
    reason: ApprovalReason.invalid,
    message: `spec.input is no decision; write ${FORM}`,
  },
};

function decisionIn(input: string | undefined): Said | undefined {
  if (!input?.trim()) return undefined;
  try {
    const decision = (JSON.parse(input) as { decision?: unknown } | null)?.decision;
    if (decision === undefined) return undefined;
    return decision === 'approved' || decision === 'rejected' ? decision : 'unclear';
  } catch {
    return 'unclear';
  }
}
