import { defineAdmission } from '../admission/admission-rules.js';
import { headerProblems } from '../admission/checks/header-checks.js';
import { A2AServer } from './a2a-server.resource.js';

/** One source of the address, each header once. All findings are told together. */
export const a2aServerAdmission = defineAdmission<A2AServer>({
  kind: A2AServer,
  validate({ object: server }) {
    const { address, headers } = server.spec;
    const problems: string[] = [];
    if (Boolean(address.value) === Boolean(address.valueFrom)) {
      problems.push('spec.address needs exactly one of value and valueFrom');
    }
    const names = (headers ?? []).map((header) => header.name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    for (const name of twice) problems.push(`header "${name}" is given more than once`);
    problems.push(...headerProblems(headers));
    return problems.length > 0 ? [`validation failed: ${problems.join('; ')}`] : [];
  },
});
