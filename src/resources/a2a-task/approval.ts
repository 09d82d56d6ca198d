import type { A2ATask } from './a2a-task.resource.js';

/** Reasons of the condition `Completed` of a task that asks a person for approval. */
export const ApprovalReason = {
  granted: 'ApprovalGranted',
  rejected: 'ApprovalRejected',
  expiredProceed: 'ApprovalTimeoutProceeded',
  expiredReject: 'ApprovalTimeoutRejected',
  invalid: 'InvalidApprovalDecision',
} as const;

/** What became of a question: `void` when it was ended without an answer. */
export type Verdict = 'open' | 'granted' | 'rejected' | 'expired' | 'void';

/** Approvals carry the calls they are about; tasks of A2A servers do not. */
export const isApproval = ({ spec, status }: A2ATask): boolean =>
  spec.a2aServerRef === undefined && status?.protocolMetadata?.toolCalls !== undefined;

const DENIALS: Record<string, Verdict> = {
  [ApprovalReason.rejected]: 'rejected',
  [ApprovalReason.expiredReject]: 'expired',
};

/** What a person, or the clock, has decided. */
export function verdictOf({ status }: A2ATask): Verdict {
  const reason = status?.conditions?.find(({ type }) => type === 'Completed')?.reason ?? '';
  if (status?.phase === 'completed') return 'granted';
  if (status?.phase === 'failed') return DENIALS[reason] ?? 'void';
  return status?.phase === 'cancelled' ? 'void' : 'open';
}
