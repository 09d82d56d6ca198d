import { unavailable } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
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

/** A Query that kills whoever works on it must not do so forever. */
const MAX_ATTEMPTS = 10;

export const tooManyAttempts = (attempts: number) =>
  unavailable(`The Query was begun ${attempts} times, and each time the process ended before the answer came.`);

/** What to do about a Query, in order; the first that holds. */
export function nextStep(query: Query, { self, isAlive, running, stale }: Surroundings): Step {
  if (query.metadata.deletionTimestamp) return 'stop';
  if (isTerminal(query)) return 'expire';
  if (running) return query.spec.cancel ? 'stop' : 'leave';
  if (stale && !query.spec.cancel) return 'leave';
  const holder = query.status?.phase === 'input-required' ? undefined : query.status?.claim?.holder;
  if (holder !== undefined && holder !== self && isAlive(holder)) return 'watch-holder';
  if (query.spec.cancel) return 'mark-canceled';
  if (query.status?.phase === 'input-required') return 'leave';
  if (holder === self) return 'adopt';
  return (query.status?.claim?.attempt ?? 0) < MAX_ATTEMPTS ? 'claim' : 'give-up';
}
