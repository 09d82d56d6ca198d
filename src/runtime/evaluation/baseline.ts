import {
  addUsage,
  type Evaluates,
  type EvaluationContext,
  type EvaluationRequest,
  type EvaluationResult,
  type TokenUsage,
} from '../../kit/index.js';
import { type GoldenExample, goldenExamples } from './golden-examples.js';
import { scoreText } from './score.js';

interface Judged {
  example: GoldenExample;
  score: number;
  passed: boolean;
}

/**
 * Has the model answer each example of a list, one after the other, and the evaluator judge each answer. The score is the
 * mean of theirs.
 */
export async function judgeBaseline(
  evaluator: Evaluates,
  request: EvaluationRequest,
  context: EvaluationContext,
): Promise<EvaluationResult> {
  const judged: Judged[] = [];
  let tokenUsage: TokenUsage | undefined;
  const spend = (usage: TokenUsage | undefined) => {
    if (usage) tokenUsage = addUsage(tokenUsage, usage);
  };
  for (const example of goldenExamples(request.parameters)) {
    const output = await answer(example.input, context, spend);
    const exchange = { ...request.exchange, input: example.input, output, expected: example.expectedOutput };
    const passMark = example.expectedMinScore === undefined ? request.passMark : Number(example.expectedMinScore);
    const result = await evaluator.evaluate({ ...request, exchange, passMark }, context);
    spend(result.tokenUsage);
    scoreText(result.score, `evaluator '${request.evaluator}'`);
    judged.push({ example, score: result.score, passed: result.passed ?? result.score >= passMark });
  }
  return { score: mean(judged), metadata: metadataOf(judged), ...(tokenUsage ? { tokenUsage } : {}) };
}

async function answer(input: string, context: EvaluationContext, spend: (usage: TokenUsage) => void): Promise<string> {
  const model = await context.model();
  let output = '';
  for await (const event of model.complete({ messages: [{ role: 'user', content: input }] }, context.signal)) {
    if (event.type === 'text') output += event.text;
    if (event.type === 'usage') spend(event.usage);
  }
  return output;
}

const mean = (judged: Judged[]) => judged.reduce((sum, { score }) => sum + score, 0) / judged.length;
const passedOf = (judged: Judged[]) => judged.filter(({ passed }) => passed).length;

function metadataOf(judged: Judged[]): Record<string, string> {
  const passed = passedOf(judged);
  const metadata: Record<string, string> = {
    total_examples: String(judged.length),
    passed_examples: String(passed),
    failed_examples: String(judged.length - passed),
    pass_rate: (passed / judged.length).toFixed(3),
    average_score: mean(judged).toFixed(3),
  };
  for (const sort of ['category', 'difficulty'] as const) {
    for (const [name, group] of Map.groupBy(judged, ({ example }) => example[sort])) {
      if (name === undefined) continue;
      metadata[`${sort}_${name}_pass_rate`] = (passedOf(group) / group.length).toFixed(3);
      metadata[`${sort}_${name}_average_score`] = mean(group).toFixed(3);
    }
  }
  return metadata;
}
