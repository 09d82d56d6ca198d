import { findCondition, unavailable } from '../../kit/index.js';
import type { Evaluation } from '../../resources/evaluation/evaluation.resource.js';
import { durationOr } from '../../resources/values/duration.js';
import { COMPLETED, isTerminal } from './evaluation-status.js';

export interface Surroundings {
  self: string;
  isAlive(holder: string): boolean;
}

export type Step =
  /** It goes, or is a batch: other Evaluations make its verdict. */
  | 'leave'
  | 'expire'
  /** A living peer judges it: look again in case it dies. */
  | 'watch-holder'
  /** Too many processes ended over it. */
  | 'give-up'
  /** Nobody wants the verdict any more. */
  | 'cancel'
  | 'judge';

const MAX_ATTEMPTS = 3;
const DEFAULT_TTL = '720h';
const DEFAULT_TIMEOUT_MS = 300_000;
/** A list of examples takes longer than one. */
const SHORTEST_BASELINE_MS = 120_000;

export const tooManyAttempts = (attempts: number) =>
  unavailable(`The Evaluation was begun ${attempts} times, and each time the process ended before the verdict came.`);

/** What to do about an Evaluation, in order; the first that holds. */
export function nextStep(evaluation: Evaluation, { self, isAlive }: Surroundings): Step {
  if (evaluation.metadata.deletionTimestamp) return 'leave';
  if (isTerminal(evaluation)) return 'expire';
  if (evaluation.spec.type === 'batch') return 'leave';
  const { claim } = evaluation.status ?? {};
  if (claim && claim.holder !== self && isAlive(claim.holder)) return 'watch-holder';
  if (evaluation.spec.cancel) return 'cancel';
  return (claim?.attempt ?? 0) < MAX_ATTEMPTS ? 'judge' : 'give-up';
}

/** Milliseconds until a finished Evaluation has outlived its time to live, zero or less when it has. */
export function expiresInMs({ spec, status, metadata }: Evaluation, now: Date): number {
  const completed = findCondition(status?.conditions, COMPLETED)?.lastTransitionTime ?? metadata.creationTimestamp;
  return Date.parse(completed ?? now.toISOString()) + durationOr(spec.ttl ?? DEFAULT_TTL, Number.NaN) - now.getTime();
}

/** Milliseconds that judging may take. */
export function timeoutMs({ spec }: Evaluation): number {
  const stated = durationOr(spec.timeout, DEFAULT_TIMEOUT_MS);
  return spec.type === 'baseline' ? Math.max(stated, SHORTEST_BASELINE_MS) : stated;
}

/** Milliseconds that an Evaluation still waits for what is missing. */
export function patienceMs(evaluation: Evaluation, now: Date): number {
  const created = Date.parse(evaluation.metadata.creationTimestamp ?? now.toISOString());
  return created + durationOr(evaluation.spec.timeout, DEFAULT_TIMEOUT_MS) - now.getTime();
}
