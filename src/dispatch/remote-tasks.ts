import { Inject, Injectable } from '@nestjs/common';
import { RootLogger } from '../machinery/observability/root-logger.js';
import type { QueryAttempt } from '../reconcilers/query/query-dispatcher.js';
import type { Query } from '../resources/query/query.resource.js';
import { JournalEntries } from '../storage/journal-entries.js';
import type { TargetCall } from './target-call.js';

const KEY = 'remote-task|';

/** What the call of one target carries of the attempt. */
export type Ids = Pick<TargetCall, 'messageId' | 'resumeTaskId' | 'again' | 'onRemoteTask'>;

/**
 * The tasks of a Query's targets on foreign engines, so that a later attempt follows them instead of asking twice. The
 * task of an only target stands in the Query's status, which has room for one; those of several are kept in the database.
 */
@Injectable()
export class RemoteTasks {
  constructor(
    @Inject(JournalEntries) private readonly journal: Pick<JournalEntries, 'load' | 'save'>,
    private readonly logger: RootLogger,
  ) {}

  /** @throws `Unavailable` when what an earlier attempt began cannot be read */
  async idsFor({ metadata: { uid = '' } }: Query, attempt: QueryAttempt, targets: number): Promise<Ids[]> {
    const { messageId, number, resumeTaskId, onRemoteTask } = attempt;
    const again = number > 1;
    if (targets <= 1) return [{ messageId, resumeTaskId, again, onRemoteTask }];
    const begun = again ? await this.journal.load(uid) : new Map<string, string>();
    return Array.from({ length: targets }, (_, i) => {
      const id = `${messageId}-${i}`;
      const known = begun.get(KEY + id);
      return {
        messageId: id,
        again,
        onRemoteTask: this.keeper(uid, id, known),
        ...(known === undefined ? {} : { resumeTaskId: known }),
      };
    });
  }

  /** Keeps each task once, beside the work: an engine that is not asked twice is a comfort, not a promise. */
  private keeper(uid: string, messageId: string, known: string | undefined): TargetCall['onRemoteTask'] {
    let kept = known;
    return ({ taskId }) => {
      if (taskId === undefined || taskId === kept) return;
      kept = taskId;
      this.journal.save(uid, [[KEY + messageId, taskId]]).catch((error: unknown) => {
        this.logger.warn({ query: uid, taskId, err: error }, 'A task of another server could not be kept');
      });
    };
  }
}
