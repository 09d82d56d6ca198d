import { ArkError, errorText, type ReconcileContext } from '../../kit/index.js';
import { type A2AReference, Query } from '../../resources/query/query.resource.js';
import type { ClaimedQuery } from './query-claim.js';
import { isTerminal } from './query-outcome.js';

/** A task that ends sooner is not worth a status write: the end brings its id anyway. */
const WORTH_A_WRITE_MS = 1_000;
const MOST_TRIES = 5;
const PAUSE_MS = 50;

/**
 * Keeps the id of the task of another server that works on a Query in its status while it works, so that whoever takes
 * the Query over follows the task instead of asking again.
 */
export class RemoteTask {
  private told?: A2AReference;
  private timer?: NodeJS.Timeout;
  private storing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly claimed: ClaimedQuery,
    private readonly context: ReconcileContext,
    private readonly worthMs = WORTH_A_WRITE_MS,
  ) {}

  /** Hears of the task, as often as somebody speaks of it. */
  readonly heard = (task: A2AReference): void => {
    if (this.stopped || isSame(this.told ?? this.claimed.status.a2a, task)) return;
    this.told = task;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.storing = this.store(task, MOST_TRIES);
    }, this.worthMs);
  };

  /** Resolves when nothing more will be written. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.storing;
  }

  /** The Query with what is known of the task. */
  in<T extends Query>(query: T): T {
    return this.told ? { ...query, status: { ...query.status, a2a: this.told } } : query;
  }

  private async store(task: A2AReference, tries: number): Promise<void> {
    const { metadata, status } = this.claimed;
    const current = this.context.get(Query, metadata);
    const latest = current?.status?.claim?.id === status.claim.id ? current : this.claimed;
    if (isTerminal(latest) || this.context.signal.aborted) return;
    try {
      await this.context.replaceStatus<Query>(latest, { ...latest.status, a2a: task });
    } catch (error) {
      const isOutdated = error instanceof ArkError && error.family === 'Conflict';
      if (!isOutdated || tries <= 1 || this.stopped) {
        const line = `The task of a Query is not in its status: ${errorText(error)}`;
        this.context.logger.debug({ query: metadata.name, task: task.taskId }, line);
        return;
      }
      // The copy in memory is behind: it soon is not.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await this.store(task, tries - 1);
    }
  }
}

const isSame = (known: A2AReference | undefined, task: A2AReference) =>
  known?.taskId === task.taskId && known?.contextId === task.contextId;
