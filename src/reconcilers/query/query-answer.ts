import { addUsage, canceled, type TokenUsage, timeout } from '../../kit/index.js';
import { deadlineOf, timeoutOf } from '../../resources/query/query-deadline.js';
import { formatDuration } from '../../resources/values/duration.js';
import { attemptOf, type ClaimedQuery } from './query-claim.js';
import type { QueryAttempt, QueryDispatcher, QueryOutcome } from './query-dispatcher.js';

/** How the work on a Query ended. */
export type Ending =
  | { kind: 'answered'; outcomes: QueryOutcome[] }
  /** Nobody answered: no target, or the time was over. */
  | { kind: 'failed'; error: unknown; spent?: TokenUsage }
  | { kind: 'canceled'; spent?: TokenUsage }
  /** The process stops; whoever comes next takes the Query over. */
  | { kind: 'abandoned'; spent?: TokenUsage };

/** An ending that belongs into the status. */
export type StoredEnding = Exclude<Ending, { kind: 'abandoned' }>;

/** What a dispatcher has after the time-out to say what is finished. */
const HARD_STOP_MS = 1_000;
/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The work on one claimed Query, which can be stopped from outside. Its time runs from the claim. */
export class QueryAnswer {
  readonly ending: Promise<Ending>;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout;
  /** Told on the way: of no use once there are outcomes, which tell it all. */
  private spent?: TokenUsage;
  private stop!: (ending: Ending) => void;

  constructor(
    query: ClaimedQuery,
    dispatcher: QueryDispatcher,
    now: Date,
    onRemoteTask?: QueryAttempt['onRemoteTask'],
  ) {
    this.ending = new Promise((resolve) => {
      this.stop = (ending) => {
        clearTimeout(this.timer);
        resolve(ending);
      };
    });
    const remainingMs = Math.max(0, deadlineOf(query).getTime() - now.getTime());
    this.timer = setTimeout(() => this.expire(timeoutOf(query)), Math.min(remainingMs, LONGEST_TIMER_MS));
    // A dispatch that ignores its signal must not keep the Query; what it says afterwards is not heard.
    const told = { ...attemptOf(query), onRemoteTask, onUsage: this.onUsage };
    void this.dispatch(query, dispatcher, told).then(this.stop);
  }

  cancel(): void {
    this.stop({ kind: 'canceled', spent: this.spent });
    this.stopping.abort(canceled('The Query was canceled.'));
  }

  abandon(): void {
    this.stop({ kind: 'abandoned', spent: this.spent });
    // Tasks of other servers go on: the next holder follows them.
    this.stopping.abort(canceled('The process stops.', { reason: 'Abandoned' }));
  }

  private readonly onUsage = (usage: TokenUsage): void => {
    this.spent = addUsage(this.spent, usage);
  };

  private expire(limitMs: number): void {
    const error = timeout(`context deadline exceeded: no answer within ${formatDuration(limitMs)} (spec.timeout)`);
    this.timer = setTimeout(() => this.stop({ kind: 'failed', error, spent: this.spent }), HARD_STOP_MS);
    this.stopping.abort(error);
  }

  private async dispatch(query: ClaimedQuery, dispatcher: QueryDispatcher, attempt: QueryAttempt): Promise<Ending> {
    try {
      return { kind: 'answered', outcomes: await dispatcher.dispatch(query, attempt, this.stopping.signal) };
    } catch (error) {
      return { kind: 'failed', error, spent: this.spent };
    }
  }
}
