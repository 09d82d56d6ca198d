import { defineAdmission } from '../admission/admission-rules.js';
import { unresolvedAddress } from '../admission/checks/reference-checks.js';
import { Model } from '../model/model.resource.js';
import { selectorProblems } from '../shared/selector-problems.js';
import { Evaluator } from './evaluator.resource.js';

/** Parameters by which an evaluator names the Model that judges. */
export const MODEL_NAME = 'model.name';
export const MODEL_NAMESPACE = 'model.namespace';

/** The scoring service is known, and so is the Model it is told to use. */
export const evaluatorAdmission = defineAdmission<Evaluator>({
  kind: Evaluator,
  async validate({ object: evaluator, lookup }) {
    const [wrong] = selectorProblems(evaluator.spec.selector, 'selector');
    if (wrong) return [wrong];
    const own = evaluator.metadata.namespace ?? '';
    const problem = await unresolvedAddress(evaluator.spec.address, own, lookup);
    if (problem) return [`spec.address cannot be resolved: ${problem}`];
    const literal = (name: string) => evaluator.spec.parameters?.find((each) => each.name === name)?.value;
    const name = literal(MODEL_NAME);
    const namespace = literal(MODEL_NAMESPACE) || own;
    if (!name || (await lookup.get(Model, { namespace, name }))) return [];
    return [`parameter ${MODEL_NAME}: model "${name}" does not exist in namespace "${namespace}"`];
  },
});
