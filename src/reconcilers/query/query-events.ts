import { ArkError, type EventText, errorText, type ReconcileContext } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';

/** Says as an Event how a Query ended. A Query that has not ended is passed over. */
export function report(query: Query, context: ReconcileContext): void {
  const text = endText(query);
  if (text) context.event(query, text);
}

/** A Query that is too large for a claim can hold no error either; only an Event can say why it does not begin. */
export function reportRefusedClaim(query: Query, error: unknown, context: ReconcileContext): void {
  if (!(error instanceof ArkError) || error.family !== 'Invalid') return;
  const message = `The Query cannot begin, because its status cannot be written: ${errorText(error)}`;
  context.event(query, { type: 'Warning', reason: 'QueryNotStorable', message });
}

function endText({ status }: Query): EventText | undefined {
  const lasted = status?.duration ? ` after ${status.duration}` : '';
  switch (status?.phase) {
    case 'done':
      return { type: 'Normal', reason: 'QueryExecutionComplete', message: `Query completed${lasted}` };
    case 'canceled':
      return { type: 'Normal', reason: 'QueryExecutionCanceled', message: `Query was canceled${lasted}` };
    case 'error': {
      const cause = status.responses?.find(({ phase }) => phase === 'error')?.content ?? '';
      return { type: 'Warning', reason: 'QueryExecutionError', message: `Query failed${lasted}: ${cause}` };
    }
    default:
      return undefined;
  }
}
