import type { Environment } from '@marcbachmann/cel-js';
import type { StatusCause } from '../../../api-server/status.js';
import { equalJson, isObject } from '../../json/json.js';
import { correlated } from '../lists.js';
import { fieldNode, type SchemaNode } from '../schema-node.js';

/**
 * Adds a cause for every CEL rule that does not hold. Rules about an unchanged part are not asked again, except those
 * that compare with the old value.
 */
export function evaluateRules(
  environment: Environment,
  node: SchemaNode,
  value: unknown,
  old: unknown,
  path: string,
  causes: StatusCause[],
): void {
  if (!node.ruled || value === undefined || value === null) return;
  const unchanged = old !== undefined && value === old;
  if (unchanged && !node.transitions) return;
  for (const rule of node.rules) {
    if (rule.isTransition ? old === undefined && !rule.optionalOldSelf : unchanged) continue;
    const cause = rule.evaluate(environment, value, old, path);
    if (cause && (rule.isTransition || old === undefined || !equalJson(value, old))) causes.push(cause);
  }
  if (Array.isArray(value)) {
    const { items, schema } = node;
    if (!items?.ruled) return;
    value.forEach((item, index) => {
      evaluateRules(environment, items, item, correlated(schema, item, old), `${path}[${index}]`, causes);
    });
  } else if (isObject(value)) {
    const before = isObject(old) ? old : undefined;
    for (const field of Object.keys(value)) {
      const below = fieldNode(node, field);
      if (below?.ruled) {
        evaluateRules(environment, below, value[field], before?.[field], path ? `${path}.${field}` : field, causes);
      }
    }
  }
}
