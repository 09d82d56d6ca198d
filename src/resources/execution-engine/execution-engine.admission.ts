import { defineAdmission } from '../admission/admission-rules.js';
import { unresolvedAddress } from '../admission/checks/reference-checks.js';
import { A2A_ENGINE } from '../labels.js';
import { ExecutionEngine } from './execution-engine.resource.js';

/** An engine needs an address that is known, and a name that is free. */
export const executionEngineAdmission = defineAdmission<ExecutionEngine>({
  kind: ExecutionEngine,
  async validate({ object: engine, lookup }) {
    const { name, namespace } = engine.metadata;
    if (name === A2A_ENGINE)
      return [`the name "${A2A_ENGINE}" is kept for agents found on A2A servers; choose another`];
    const problem = await unresolvedAddress(engine.spec.address, namespace ?? '', lookup);
    return problem ? [`spec.address cannot be resolved: ${problem}`] : [];
  },
});
