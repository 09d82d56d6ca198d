import type { EventText, ReconcileContext } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';

/** Says as an Event how a Query ended. A Query that has not ended is passed over. */
export function report(query: Query, context: ReconcileContext): void {
  const text = endText(query);
  if (text) context.event(query, text);
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
