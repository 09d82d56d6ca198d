import type { Logger, TokenUsage } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { RunApprovals } from '../approval/run-approvals.js';
import type { RunJournal } from '../approval/run-journal.js';
import type { RunBudget } from '../budgets/run-budget.js';
import type { Floor } from './floor.js';
import type { Participant, Said, Turn } from './participant.js';

/** Asks a participant of the Query's namespace. */
export type Ask = (who: Participant, turn: Turn, scope: RunScope) => Promise<Said>;

/** What all that work on one attempt at a Query share, and who of them waits for whom. */
export interface RunScope {
  query: Query;
  signal: AbortSignal;
  deadline: Date;
  /** The same for every attempt at the Query. */
  idempotencyKey: string;
  budget: RunBudget;
  /** Whom its teams wait for. */
  floor: Floor;
  /** What is done already, for a run that goes on after a pause. */
  journal: RunJournal;
  /** Asks people about calls, and pauses the run until they answer. */
  approvals: RunApprovals;
  logger: Logger;
  /** How to ask others. */
  ask: Ask;
  /** Agents and teams that wait for the answer, the first one asked first. */
  path: readonly string[];
  /** Hears of tokens spent. */
  onUsage(usage: TokenUsage): void;
}
