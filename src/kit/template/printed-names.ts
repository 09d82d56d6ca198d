import { parseTemplate } from './parse-template.js';
import type { Expression } from './template-expression.js';

/**
 * The top-level names that a template prints whatever the values are; those behind an `{{if}}` may be absent on purpose.
 *
 * @example
 * printedNames('{{.greeting}}, {{.user.name}}{{if .title}} ({{.title}}){{end}}') // ['greeting', 'user']
 * @throws `Invalid` when the template cannot be parsed.
 */
export function printedNames(text: string): string[] {
  const names = parseTemplate(text).flatMap((node) => (node.kind === 'value' ? nameIn(node.expression) : []));
  return [...new Set(names)];
}

function nameIn(expression: Expression): string[] {
  if (expression.kind === 'path') return expression.keys.slice(0, 1);
  if (expression.kind === 'json') return nameIn(expression.of);
  if (expression.kind === 'literal') return [];
  const [key] = expression.keys;
  const inner = nameIn(expression.of);
  return inner.length > 0 || key?.kind !== 'literal' ? inner : [String(key.value)];
}
