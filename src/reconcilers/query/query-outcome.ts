import {
  addUsage,
  type Condition,
  type ConditionUpdate,
  errorText,
  type TokenUsage,
  withCondition,
} from '../../kit/index.js';
import type { Query, QueryPhase, QueryResponse, QueryStatus } from '../../resources/query/query.resource.js';
import { queryTargets } from '../../resources/query/query-target.js';
import type { QueryTarget } from '../../resources/shared/reference.js';
import { type SpentStatus, spentBefore, spentStatus } from '../../resources/shared/spent.js';
import { formatDuration } from '../../resources/values/duration.js';
import { type Answer, fittingStatus } from './answer-size.js';
import type { StoredEnding } from './query-answer.js';
import { COMPLETED } from './query-claim.js';
import type { QueryOutcome } from './query-dispatcher.js';

const MEMORY_UNAVAILABLE = 'MemoryUnavailable';

/** Phases that a Query never leaves. */
const TERMINAL: ReadonlySet<QueryPhase | undefined> = new Set<QueryPhase>(['done', 'error', 'canceled']);

export const isTerminal = (query: Query): boolean => TERMINAL.has(query.status?.phase);

/** Leaves answers as long as they are, for a Query that no API server has to take. */
export const wholeAnswers: typeof fittingStatus = (_query: Query, answers: Answer[], statusWith) =>
  statusWith(answers.map(({ response }) => response));

/** The status that says how the Query ended; everything about the end in one write. */
export function endedStatus(query: Query, ending: StoredEnding, now: Date, statusFor = fittingStatus): QueryStatus {
  const spent = spentStatus(spentOf(query, ending));
  const before = withoutOldSum(query.status ?? {}, spent);
  if (ending.kind === 'canceled') return finish(query, { ...before, ...spent, phase: 'canceled' }, now);
  const outcomes = ending.kind === 'failed' ? [failure(query, ending.error)] : ending.outcomes;
  const told = outcomes.length > 0 ? outcomes : [failure(query, 'The Query names no target.')];
  const answers = told.map((outcome) => ({ response: toResponse(outcome), keptIn: outcome.keptIn }));
  return statusFor(query, answers, (responses) => answeredStatus({ query, outcomes, responses, spent }, now));
}

/** Tokens that have no price any more must not stand beside the cost that they had. */
function withoutOldSum(status: QueryStatus, spent: SpentStatus): QueryStatus {
  const { cost: _old, ...rest } = status;
  return spent.tokenUsage ? rest : status;
}

/**
 * What a status tells of tokens. Outcomes tell everything of their attempt; without them, what was told on the way comes
 * to what other targets had spent before. What attempts spent that were given back comes to either.
 */
export function spentOf({ status = {} }: Pick<Query, 'status'>, ending: StoredEnding): TokenUsage | undefined {
  const inVain = spentBefore(status.claim ?? {});
  const reports =
    ending.kind === 'answered'
      ? [inVain, ...lasting(ending.outcomes).map(({ tokenUsage }) => tokenUsage)]
      : [toldBefore(status, ending.spent) ?? inVain, ending.spent];
  return reports.reduce<TokenUsage | undefined>((sum, usage) => (usage ? addUsage(sum, usage) : sum), undefined);
}

/** The sum of a pause, which has everything until then; nothing of it where a repeated run has told it again. */
const toldBefore = (status: QueryStatus, spent: TokenUsage | undefined): TokenUsage | undefined =>
  spent && isPausedAlone(status) ? undefined : spentBefore(status);

/** Of a Query that pauses, what is told once only: a target that asks tells everything again when it goes on. */
function lasting(outcomes: QueryOutcome[]): QueryOutcome[] {
  const others = outcomes.filter(({ phase }) => phase !== 'input-required');
  return phaseOf(outcomes) === 'input-required' && others.length > 0 ? others : outcomes;
}

/** Whether the tokens in the status are those of a run that is repeated. */
const isPausedAlone = (status: QueryStatus): boolean =>
  status.responses?.every(({ phase }) => phase === 'input-required') ?? false;

interface Answered {
  query: Query;
  outcomes: QueryOutcome[];
  responses: QueryResponse[];
  spent: SpentStatus;
}

function answeredStatus({ query, outcomes, responses, spent }: Answered, now: Date): QueryStatus {
  // A task that somebody was asked about belongs to the answer of then.
  const { a2a: _past, ...before } = withoutOldSum(query.status ?? {}, spent);
  const first = responses[0];
  const conversationId = outcomes.map((one) => one.conversationId ?? one.a2a?.contextId).find((id) => id);
  const memoryProblem = outcomes.find((one) => one.memoryProblem)?.memoryProblem;
  return finish(
    query,
    {
      ...withMemory(query, before, memoryProblem, now),
      phase: phaseOf(responses),
      ...(first ? { response: first } : {}),
      responses,
      ...(first?.a2a ? { a2a: first.a2a } : {}),
      ...spent,
      ...(conversationId ? { conversationId } : {}),
    },
    now,
  );
}

/** One error makes an error, one question makes a wait; several answers are done when all are. */
function phaseOf(responses: readonly Pick<QueryResponse, 'phase'>[]): QueryPhase {
  for (const phase of ['error', 'input-required', 'canceled'] as const) {
    if (responses.some((response) => response.phase === phase)) return phase;
  }
  return 'done';
}

function toResponse({ target, content, raw, phase, a2a }: QueryOutcome): QueryResponse {
  const known = target.name === '' ? {} : { target: target as QueryTarget };
  return { ...known, content, raw, phase, ...(a2a?.contextId || a2a?.taskId ? { a2a } : {}) };
}

/** What stands for the answer when nobody gave one. */
function failure(query: Query, error: unknown): QueryOutcome {
  const message = errorText(error);
  const raw = JSON.stringify([{ error: 'target_execution_error', message }]);
  const first = queryTargets(query)[0];
  // A list in `target` may hold anything where no admission ran.
  const target = typeof first?.name === 'string' && typeof first.type === 'string' ? first : { type: '', name: '' };
  return { target, content: message, raw, phase: 'error' };
}

function finish(query: Query, status: QueryStatus, now: Date): QueryStatus {
  const since = status.claim?.since;
  const duration = since === undefined ? {} : { duration: formatDuration(now.getTime() - Date.parse(since)) };
  return { ...status, ...duration, conditions: conditionsOf(query, status, now) };
}

/** A conversation that did not take this turn in says so; one that does again takes it back. */
function withMemory(query: Query, status: QueryStatus, problem: string | undefined, now: Date): QueryStatus {
  const said = status.conditions?.some(({ type }) => type === MEMORY_UNAVAILABLE);
  if (problem === undefined && !said) return status;
  const update: ConditionUpdate = {
    type: MEMORY_UNAVAILABLE,
    status: problem === undefined ? 'False' : 'True',
    reason: problem === undefined ? 'MemoryReachable' : 'AppendFailed',
    message: problem ?? 'The conversation remembers this turn',
    observedGeneration: query.metadata.generation,
  };
  return { ...status, conditions: withCondition(status.conditions, update, now) };
}

/** A Query that waits for input goes on: its condition stays as it is. */
function conditionsOf(query: Query, status: QueryStatus, now: Date): Condition[] | undefined {
  const texts: Partial<Record<QueryPhase, [reason: string, message: string]>> = {
    done: ['QuerySucceeded', 'Query completed successfully'],
    canceled: ['QueryCanceled', 'Query was canceled'],
    error: ['QueryErrored', status.responses?.find(({ phase }) => phase === 'error')?.content || 'Query failed'],
  };
  const text = status.phase ? texts[status.phase] : undefined;
  if (!text) return status.conditions;
  const [reason, message] = text;
  const observedGeneration = query.metadata.generation;
  return withCondition(
    status.conditions,
    { type: COMPLETED, status: 'True', reason, message, observedGeneration },
    now,
  );
}
