import { Next, type ReconcileContext } from '../../kit/index.js';
import { Query } from '../../resources/query/query.resource.js';
import type { ClaimHolders } from '../claim-holders.js';
import { isTerminal } from './query-outcome.js';

/** How often the holder of a Query is looked at, in case nobody tells of its end. */
const CHECK_MS = 5_000;

/** Has the Queries of others looked at the moment their holder is gone. */
export class HolderWatch {
  private listening = false;

  constructor(private readonly holders: ClaimHolders) {}

  next(context: ReconcileContext): Next {
    if (!this.listening) this.holders.onGone((holder) => wakeQueriesOf(holder, context));
    this.listening = true;
    return Next.after(CHECK_MS);
  }
}

function wakeQueriesOf(holder: string, context: ReconcileContext): void {
  for (const query of context.list(Query)) {
    if (query.status?.claim?.holder === holder && !isTerminal(query)) context.wake(query.metadata);
  }
}
