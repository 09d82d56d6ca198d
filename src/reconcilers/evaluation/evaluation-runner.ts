import type { TokenUsage } from '../../kit/index.js';
import type { Evaluation } from '../../resources/evaluation/evaluation.resource.js';

/** What an evaluator found. */
export interface Verdict {
  /** From 0 to 1, as text. Absent: the evaluator gave none. */
  score?: string;
  passed: boolean;
  /** For people. */
  message: string;
  metadata: Record<string, string>;
  tokenUsage?: TokenUsage;
}

/** An Evaluation with everything resolved, ready to be judged. */
export interface PreparedEvaluation {
  /** @throws what the evaluator throws; the signal's reason when it was aborted */
  run(signal: AbortSignal): Promise<Verdict>;
}

/**
 * Brings an Evaluation to whoever judges it. Any type but `batch`, which is no judgement of its own.
 *
 * Errors of `prepare`: `NotFound` and `Unavailable` when something is missing that may still come, any other family when
 * the Evaluation itself has to change.
 */
export abstract class EvaluationRunner {
  abstract prepare(evaluation: Evaluation): Promise<PreparedEvaluation>;
}
