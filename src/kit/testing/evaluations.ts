import type { EvaluationContext, EvaluationRequest } from '../evaluator/evaluator.js';
import { silentLogger } from './requests.js';

/** A request as the runtime would make it, for specs of evaluators: the right answer to an easy question. */
export function evaluationRequest(parts: Partial<EvaluationRequest> = {}): EvaluationRequest {
  return {
    type: 'direct',
    evaluator: 'tester',
    namespace: 'default',
    exchange: { input: 'What is 2 + 2?', output: '4' },
    rules: [],
    parameters: {},
    passMark: 0.7,
    ...parts,
  };
}

/** What the runtime lends an evaluator, for specs: a signal that is never aborted, a silent logger, no model. */
export function evaluationContext(parts: Partial<EvaluationContext> = {}): EvaluationContext {
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    model: () => Promise.reject(new Error('this context was given no model')),
    ...parts,
  };
}
