import { invalid, type KubeObject } from '../../kit/index.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { labelsMatch } from '../../resources/shared/label-match.js';
import type { Override } from '../../resources/shared/override.js';
import { selectorProblems } from '../../resources/shared/selector-problems.js';
import { mergeHeaders, resolveHeaders } from '../../resources/values/resolve-headers.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';

/**
 * Headers that agent and Query add to calls of one Model or MCPServer; those of the Query win.
 *
 * @throws `Invalid` for a selector that is none
 */
export async function overrideHeaders(
  resourceType: Override['resourceType'],
  resource: KubeObject,
  { agent, query }: { agent?: Agent; query: Query },
  objects: ValueLookup,
): Promise<Record<string, string>> {
  let headers: Record<string, string> = {};
  for (const owner of [agent, query]) {
    const namespace = owner?.metadata.namespace ?? '';
    if (!owner || namespace !== resource.metadata.namespace) continue;
    for (const [index, override] of (owner.spec.overrides ?? []).entries()) {
      if (override.resourceType !== resourceType) continue;
      const [problem] = selectorProblems(override.labelSelector, `spec.overrides[${index}].labelSelector`);
      if (problem) throw invalid(`${owner.kind} ${namespace}/${owner.metadata.name}: ${problem}`);
      if (!labelsMatch(override.labelSelector, resource.metadata.labels)) continue;
      headers = mergeHeaders(headers, await resolveHeaders(override.headers, namespace, objects, query));
    }
  }
  return headers;
}
