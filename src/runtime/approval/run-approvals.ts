import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { type Verdict, verdictOf } from '../../resources/a2a-task/approval.js';
import { taskName } from '../../resources/a2a-task/task-name.js';
import type { Query } from '../../resources/query/query.resource.js';
import type { Objects } from '../objects.js';
import { AnswerNeeded, type OpenTask } from './answer-needed.js';
import { ApprovalNeeded, type ApprovalQuestion } from './approval-needed.js';
import type { PersonNeeded } from './person-needed.js';
import { questionId } from './question-id.js';
import { QuietMoment } from './quiet-moment.js';
import type { RunJournal } from './run-journal.js';

export interface ApprovalParts {
  query: Query;
  objects: Objects;
  journal: RunJournal;
  /** Id of the A2A task that the run is, where it has one already. */
  taskId?: string;
  /** Ends the run. */
  stop(reason: unknown): void;
}

/** Asks people what one run cannot go on without, and knows what they decided about calls. */
export class RunApprovals extends QuietMoment {
  private readonly asked: ApprovalQuestion[] = [];
  private readonly waitedFor: { key: string; task: OpenTask }[] = [];

  constructor(private readonly parts: ApprovalParts) {
    super();
  }

  /**
   * What was decided about a call. While nothing is, this waits until the rest of the run has nothing left to do, and
   * ends the run with `ApprovalNeeded`: the promise then stays open.
   */
  async verdict(question: ApprovalQuestion): Promise<Exclude<Verdict, 'open'>> {
    const verdict = await this.decided(question.key);
    if (verdict !== 'open') return verdict;
    this.asked.push(question);
    return this.pausing();
  }

  /**
   * Ends the run with `AnswerNeeded`, as soon as the rest of it has nothing left to do. The promise stays open; the next
   * attempt finds the task in the journal. Of several such tasks people are asked about one after the other.
   */
  async answer(key: string, task: OpenTask): Promise<never> {
    await this.parts.journal.keep(key, task);
    this.waitedFor.push({ key, task });
    return this.pausing();
  }

  private pausing(): Promise<never> {
    return this.whileWaiting(() => {
      this.whenQuiet(() => void this.pause());
      return new Promise<never>(() => {});
    });
  }

  private async decided(key: string): Promise<Verdict> {
    const { journal, objects, query } = this.parts;
    const taskId = journal.recall<string>(askedKey(key));
    if (taskId === undefined) return 'open';
    const { name, namespace } = query.metadata;
    const task = await objects.get(A2ATask, { namespace, name: taskName(taskId) });
    return task && isOf(task, name, query.metadata.uid) ? verdictOf(task) : 'open';
  }

  private async pause(): Promise<void> {
    const { journal, stop } = this.parts;
    try {
      const needed = await this.needed();
      await journal.makeLasting();
      stop(needed);
    } catch (error) {
      stop(error);
    }
  }

  private async needed(): Promise<PersonNeeded> {
    const { journal, query, taskId: own } = this.parts;
    const [first] = this.waitedFor;
    if (this.asked.length === 0 && first) {
      const askedAs = own ?? first.task.taskId;
      await journal.keep(first.key, { ...first.task, askedAs });
      return new AnswerNeeded(askedAs, first.task);
    }
    const taskId = own ?? questionId([query.metadata.uid ?? '', ...this.asked.map(({ key }) => key).sort()]);
    for (const { key } of this.asked) await journal.keep(askedKey(key), taskId);
    return new ApprovalNeeded(taskId, this.asked);
  }
}

/** Whoever made the task may have left out the owner, as Ark does; one that names another Query is never ours. */
const isOf = ({ metadata, spec }: A2ATask, name: string, uid: string | undefined): boolean =>
  spec.queryRef.name === name && (metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? true);

const askedKey = (key: string) => `asked:${key}`;
