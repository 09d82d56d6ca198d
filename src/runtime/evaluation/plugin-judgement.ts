import type { Evaluates, EvaluationContext, EvaluationRequest } from '../../kit/index.js';
import type { Verdict } from '../../reconcilers/evaluation/evaluation-runner.js';
import { judgeBaseline } from './baseline.js';
import { scoreText } from './score.js';

/** Has an evaluator of this process judge. */
export async function pluginJudgement(
  evaluator: Evaluates,
  request: EvaluationRequest,
  context: EvaluationContext,
): Promise<Verdict> {
  const judge =
    request.type === 'baseline' ? judgeBaseline(evaluator, request, context) : evaluator.evaluate(request, context);
  const result = await judge;
  const score = scoreText(result.score, `evaluator '${request.evaluator}'`);
  const passed = result.passed ?? result.score >= request.passMark;
  const message = `score ${score}, ${passed ? 'passed' : `not passed: the pass mark is ${request.passMark}`}`;
  const { metadata = {}, tokenUsage } = result;
  return { score, passed, message, metadata, ...(tokenUsage ? { tokenUsage } : {}) };
}
