import { type ConditionUpdate, type TokenUsage, withCondition } from '../../kit/index.js';
import type { Evaluation, EvaluationStatus } from '../../resources/evaluation/evaluation.resource.js';
import { spentStatus } from '../../resources/shared/spent.js';
import { formatDuration } from '../../resources/values/duration.js';
import type { Verdict } from './evaluation-runner.js';

/** The one condition of an Evaluation. Its transition to True is when the time to live begins. */
export const COMPLETED = 'Completed';

const TERMINAL: unknown[] = ['done', 'error', 'canceled'];

export const isTerminal = (evaluation: Evaluation): boolean => TERMINAL.includes(evaluation.status?.phase);

/** It cannot begin yet. */
export function pendingStatus(evaluation: Evaluation, message: string, now: Date): EvaluationStatus {
  const change: Change = ['False', 'EvaluationNotStarted', message];
  return { ...going(evaluation, change, now), phase: 'pending', message };
}

export function runningStatus(evaluation: Evaluation, holder: string, attempt: number, now: Date): EvaluationStatus {
  const message = attempt > 1 ? `Evaluation is running, attempt ${attempt}` : 'Evaluation is running';
  const claim = { holder, attempt, since: now.toISOString() };
  return { ...going(evaluation, ['False', 'EvaluationRunning', message], now), phase: 'running', message, claim };
}

export function doneStatus(evaluation: Evaluation, verdict: Verdict, now: Date): EvaluationStatus {
  const { score, passed, message, tokenUsage } = verdict;
  return {
    ...ended(evaluation, ['True', 'EvaluationCompleted', message], now, tokenUsage),
    phase: 'done',
    message,
    passed,
    ...(score === undefined ? {} : { score }),
  };
}

export function errorStatus(evaluation: Evaluation, message: string, now: Date): EvaluationStatus {
  return { ...ended(evaluation, ['True', 'EvaluationErrored', message], now), phase: 'error', message, passed: false };
}

/** Nobody wants the verdict any more. */
export function canceledStatus(evaluation: Evaluation, message: string, now: Date): EvaluationStatus {
  return {
    ...ended(evaluation, ['True', 'EvaluationCanceled', message], now),
    phase: 'canceled',
    message,
    passed: false,
  };
}

type Change = [status: ConditionUpdate['status'], reason: string, message: string];

function going(evaluation: Evaluation, change: Change, now: Date): EvaluationStatus {
  const { batchProgress, claim } = evaluation.status ?? {};
  return {
    passed: false,
    tokenUsage: {},
    ...(batchProgress ? { batchProgress } : {}),
    ...(claim ? { claim } : {}),
    conditions: conditions(evaluation, change, now),
  };
}

function ended(evaluation: Evaluation, change: Change, now: Date, tokenUsage?: TokenUsage): EvaluationStatus {
  const { claim, batchProgress } = evaluation.status ?? {};
  const began = claim?.since ?? evaluation.metadata.creationTimestamp ?? now.toISOString();
  return {
    tokenUsage: {},
    ...spentStatus(tokenUsage),
    duration: formatDuration(Math.max(0, now.getTime() - Date.parse(began))),
    ...(batchProgress ? { batchProgress } : {}),
    conditions: conditions(evaluation, change, now),
  };
}

function conditions({ metadata, status }: Evaluation, [value, reason, message]: Change, now: Date) {
  const observedGeneration = metadata.generation;
  const update = { type: COMPLETED, status: value, reason, message, observedGeneration };
  return withCondition(status?.conditions, update, now);
}
