import { defineAdmission } from '../admission/admission-rules.js';
import { Evaluator } from '../evaluator/evaluator.resource.js';
import { selectorProblems } from '../shared/selector-problems.js';
import { Evaluation, type EvaluationSpec } from './evaluation.resource.js';

/** Each type has what it needs, and the evaluator exists. */
export const evaluationAdmission = defineAdmission<Evaluation>({
  kind: Evaluation,
  async validate({ object: evaluation, lookup, warn }) {
    const { evaluator, config, type } = evaluation.spec;
    const problem = typeProblem(evaluation.spec) ?? selectorProblems(config.querySelector, 'config.querySelector')[0];
    if (problem) return [problem];
    if (type === 'direct' && config.queryRef) warn('config.queryRef is ignored by type direct');
    if (!evaluator) return [];
    const key = { namespace: evaluator.namespace || evaluation.metadata.namespace, name: evaluator.name };
    if (!(await lookup.get(Evaluator, key))) {
      warn(`evaluator "${key.namespace}/${key.name}" does not exist yet; the evaluation waits for it`);
    }
    return [];
  },
});

function typeProblem({ type, evaluator, config }: EvaluationSpec): string | undefined {
  if (type !== 'batch' && !evaluator) return 'evaluator is required for every type but batch';
  if (type === 'direct' && (config.input === undefined || config.output === undefined)) {
    return 'type direct needs config.input and config.output';
  }
  if (type === 'query' && !config.queryRef) return 'type query needs config.queryRef';
  if (type === 'event' && !config.rules?.length) return 'type event needs config.rules';
  const templated = config.template && config.querySelector;
  if (type === 'batch' && !config.items?.length && !config.evaluations?.length && !templated) {
    return 'type batch needs config.items, config.evaluations, or config.template with config.querySelector';
  }
  return undefined;
}
