import {
  addUsage,
  type Evaluates,
  type EvaluationContext,
  type EvaluationRequest,
  type EvaluationResult,
  Evaluator,
  invalid,
  type Message,
  type ModelClient,
  type TokenUsage,
} from 'nest-ark';
import { criteriaOf } from './criteria.js';
import { judgePrompt } from './judge-prompt.js';
import { type JudgeVerdict, readVerdict } from './judge-verdict.js';

const EXCERPT = 120;
const AGAIN =
  'That holds no score. Answer again, with the lines SCORE, REASONING and CRITERIA_SCORES and nothing else.';

/** Has a model judge the answer, criterion by criterion. */
@Evaluator({ name: 'judge', description: 'Has a model judge answers' })
export class JudgeEvaluator implements Evaluates {
  async evaluate(request: EvaluationRequest, context: EvaluationContext): Promise<EvaluationResult> {
    const criteria = criteriaOf(request);
    const model = await context.model();
    const messages = judgePrompt(request, criteria);
    let tokenUsage: TokenUsage | undefined;
    let words = '';
    // A judge that talks past the point is asked once more.
    for (let attempt = 0; attempt < 2; attempt++) {
      const said = await ask(model, messages, context.signal);
      words = said.words;
      if (said.usage) tokenUsage = addUsage(tokenUsage, said.usage);
      const verdict = readVerdict(words);
      if (verdict) return { score: verdict.score, metadata: metadataOf(verdict, model, criteria), tokenUsage };
      messages.push({ role: 'assistant', content: words }, { role: 'user', content: AGAIN });
    }
    const { namespace, name } = model.config;
    const excerpt = words.length > EXCERPT ? `${words.slice(0, EXCERPT)}…` : words;
    throw invalid(`the judge, model '${namespace}/${name}', gave no score when asked twice; it said: "${excerpt}"`);
  }
}

async function ask(model: ModelClient, messages: Message[], signal: AbortSignal) {
  let words = '';
  let usage: TokenUsage | undefined;
  for await (const event of model.complete({ messages }, signal)) {
    if (event.type === 'text') words += event.text;
    if (event.type === 'usage') usage = addUsage(usage, event.usage);
  }
  return { words, usage };
}

function metadataOf({ reasoning, criteria, contradicted }: JudgeVerdict, { config }: ModelClient, asked: object) {
  const adjusted = {
    score_adjusted: 'true',
    original_score: String(contradicted),
    adjustment_reason: 'the mean of its criteria is further than 0.15 from it',
  };
  return {
    reasoning,
    model_used: config.model,
    evaluation_scope: Object.keys(asked).join(','),
    ...(contradicted === undefined ? {} : adjusted),
    ...Object.fromEntries(Object.entries(criteria).map(([name, each]) => [name, String(each)])),
  };
}
