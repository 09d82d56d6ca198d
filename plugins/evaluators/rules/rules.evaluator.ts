import {
  type Evaluates,
  type EvaluationContext,
  type EvaluationRequest,
  type EvaluationResult,
  type EvaluationRule,
  Evaluator,
  invalid,
} from 'nest-ark';
import { judgeRules } from './judge-rules.js';
import { runFacts } from './run-facts.js';

/** Scores by the share of rules that hold: expressions about the answer, and about how it came to be. */
@Evaluator({ name: 'rules', description: 'Scores by expressions that hold or do not' })
export class RulesEvaluator implements Evaluates {
  async evaluate(request: EvaluationRequest, { signal }: EvaluationContext): Promise<EvaluationResult> {
    const rules = rulesOf(request);
    const weights = rules.map(({ weight = 1 }) => weight);
    const total = sum(weights);
    if (total === 0) throw invalid('the weights of all rules add up to 0: give one of them a weight');
    const outcomes = await judgeRules(rules, runFacts(request), signal);
    const holds = outcomes.map((outcome) => 'holds' in outcome && outcome.holds);
    const reached = sum(weights.filter((_, i) => holds[i]));
    const facts: Record<string, string> = {};
    for (const [i, { name }] of rules.entries()) {
      const outcome = outcomes[i];
      facts[`rule_${i}_${name}_passed`] = String(holds[i]);
      if (outcome && 'fails' in outcome) facts[`rule_${i}_${name}_error`] = outcome.fails;
    }
    const passed = holds.filter(Boolean).length;
    return {
      score: reached / total,
      metadata: {
        total_rules: String(rules.length),
        passed_rules: String(passed),
        failed_rules: String(rules.length - passed),
        total_weight: String(total),
        weighted_score: String(reached),
        events_analyzed: String(request.run?.messages.length ?? 0),
        min_score_threshold: String(request.passMark),
        ...facts,
      },
    };
  }
}

/** Those of the Evaluation, else those that the parameter `rules` lists. */
function rulesOf({ rules, parameters }: EvaluationRequest): EvaluationRule[] {
  if (rules.length > 0) return rules;
  if (!parameters.rules) throw invalid('there are no rules: write spec.config.rules, or the parameter rules');
  let listed: unknown;
  try {
    listed = JSON.parse(parameters.rules);
  } catch (error) {
    throw invalid(`parameter rules is not JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(listed) || listed.length === 0 || !listed.every(isRule)) {
    throw invalid(
      'parameter rules: write a list of objects with the texts name and expression, and a weight of 0 or more',
    );
  }
  return listed;
}

function isRule(value: unknown): value is EvaluationRule {
  const { name, expression, weight = 1 } = (value ?? {}) as Partial<EvaluationRule>;
  return typeof name === 'string' && typeof expression === 'string' && typeof weight === 'number' && weight >= 0;
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
