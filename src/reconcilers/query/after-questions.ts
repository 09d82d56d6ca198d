import { denied, invalid, type ObjectKey, type ReconcileContext } from '../../kit/index.js';
import { A2ATask } from '../../resources/a2a-task/a2a-task.resource.js';
import { isApproval, type Verdict, verdictOf } from '../../resources/a2a-task/approval.js';
import { ownTaskName, taskName } from '../../resources/a2a-task/task-name.js';
import { isHosted, waitsForAnswer } from '../../resources/a2a-task/task-phase.js';
import { APPROVAL_CASCADE_COUNT } from '../../resources/labels.js';
import type { Query } from '../../resources/query/query.resource.js';

/** How often in a row people may refuse before a Query is given up. */
const MOST_DENIALS = 3;

/** The A2ATasks that a Query waits for. */
export function awaitedTasks(query: Query): ObjectKey[] {
  return placesOfTasks(query).flat();
}

/** Where the A2ATask of each question is: under its plain name, or under one of its own where that was taken. */
function placesOfTasks({ metadata: { namespace, uid = '' }, status }: Query): ObjectKey[][] {
  if (status?.phase !== 'input-required') return [];
  const waiting = (status.responses ?? []).filter(({ phase }) => phase === 'input-required');
  return waiting.flatMap(({ a2a }) => {
    if (!a2a?.taskId) return [];
    return [[taskName(a2a.taskId), ownTaskName(a2a.taskId, uid)].map((name) => ({ namespace, name }))];
  });
}

export type AfterQuestions =
  | { step: 'wait' }
  /** Everything is decided; so many denials in a row were among it. */
  | { step: 'resume'; denials: number }
  | { step: 'give-up'; error: unknown };

/** What to do about a Query that waits for people. */
export function afterQuestions(query: Query, find: (key: ObjectKey) => A2ATask | undefined): AfterQuestions {
  const isOurs = (task: A2ATask | undefined) => task?.spec.queryRef.name === query.metadata.name;
  const tasks = placesOfTasks(query).map((keys) => keys.map(find).find(isOurs));
  const verdicts = tasks.map(verdictOn);
  if (verdicts.length === 0 || verdicts.includes('open')) return { step: 'wait' };
  const closed = tasks[verdicts.indexOf('void')];
  if (closed) {
    const cause = closed.status?.error || `A2ATask '${closed.metadata.name}' was closed without a decision`;
    return { step: 'give-up', error: invalid(cause, { reason: 'ApprovalClosed' }) };
  }
  if (verdicts.every((verdict) => verdict === 'granted')) return { step: 'resume', denials: 0 };
  const denials = denialsOf(query);
  if (denials < MOST_DENIALS) return { step: 'resume', denials: denials + 1 };
  const error = denied(
    `People refused calls of tools ${denials + 1} times in a row: the approval cascade limit (${MOST_DENIALS}) is reached. ` +
      'Ask for something that needs no such tool, or take approval off the tool in spec.tools of the agent',
    { reason: 'ApprovalCascade' },
  );
  return { step: 'give-up', error };
}

function verdictOn(task: A2ATask | undefined): Verdict {
  if (!task) return 'open';
  if (isApproval(task)) return verdictOf(task);
  // A task of an A2A server goes on when it is answered, here or by somebody else; any other one only here.
  if (!waitsForAnswer(task)) return isHosted(task) ? 'granted' : 'open';
  return task.spec.input?.trim() ? 'granted' : 'open';
}

/** Writes down how many denials in a row there were. Returns the Query as it is stored then. */
export async function countDenials(query: Query, denials: number, context: ReconcileContext): Promise<Query> {
  if (denialsOf(query) === denials) return query;
  const { apiVersion, kind, metadata } = query;
  const { name, namespace } = metadata;
  const annotations = denials > 0 ? { [APPROVAL_CASCADE_COUNT]: String(denials) } : {};
  return context.apply({ apiVersion, kind, metadata: { name, namespace, annotations } } as unknown as Query);
}

/** What cannot be read counts as none. */
function denialsOf({ metadata }: Query): number {
  const count = Number(metadata.annotations?.[APPROVAL_CASCADE_COUNT] ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
}
