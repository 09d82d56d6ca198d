import { unavailable } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { lostHolders } from './query-claim.js';
import { isTerminal } from './query-outcome.js';

/** What is known beside the Query itself. */
export interface Surroundings {
  self: string;
  isAlive(holder: string): boolean;
  /** This process works on it now. */
  running: boolean;
  /** What is shown is older than what this process has done. */
  stale: boolean;
}

export type Step =
  | 'expire'
  /** Stop the work this process does on it. */
  | 'stop'
  /** Nobody works on it: say that it is canceled. */
  | 'mark-canceled'
  /** A living peer holds it: look again in case it dies. */
  | 'watch-holder'
  | 'leave'
  /** The claim is ours although nobody works on it: the answer to the claim was lost. */
  | 'adopt'
  /** Too many holders died over it: it ends as an error. */
  | 'give-up'
  /** Take the claim with the next attempt number. */
  | 'claim';

/** A Query that kills whoever works on it must not do so forever: everybody else's Queries die with it. */
const MOST_LOST = 3;

export const tooManyLost = (lost: number) =>
  unavailable(
    `It is not tried again: ${lost} times the process that worked on it ended before the answer came. Look for why in ` +
      'the log of the process (a crash, or too little memory), then create the Query anew.',
  );

/** What to do about a Query, in order; the first that holds. */
export function nextStep(query: Query, { self, isAlive, running, stale }: Surroundings): Step {
  if (query.metadata.deletionTimestamp) return 'stop';
  if (isTerminal(query)) return 'expire';
  if (running) return query.spec.cancel ? 'stop' : 'leave';
  if (stale && !query.spec.cancel) return 'leave';
  const held =
    query.status?.phase === 'input-required' || query.status?.claim?.released ? undefined : query.status?.claim;
  const holder = held?.holder;
  if (holder !== undefined && holder !== self && isAlive(holder)) return 'watch-holder';
  if (query.spec.cancel) return 'mark-canceled';
  if (query.status?.phase === 'input-required') return 'leave';
  if (holder === self) return 'adopt';
  return lostHolders(query) < MOST_LOST ? 'claim' : 'give-up';
}
