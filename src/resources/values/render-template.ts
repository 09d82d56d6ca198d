import { invalid } from '../../kit/index.js';
import { parseTemplate, type TemplateNode } from './parse-template.js';
import { evaluate, goText, isTrue } from './template-expression.js';

/**
 * Fills a template. The language is the part of Go's text/template that manifests use: `{{.name}}`, `{{.a.b}}`,
 * `{{index . "a-b"}}`, `{{if .x}}…{{else if .y}}…{{else}}…{{end}}`, `{{range .list}}…{{.}}…{{end}}`, comments and trim
 * marks. Single braces are text. A name that is not known becomes `<no value>`, as in Go.
 *
 * With no values at all the text is returned as it is, so that literal `{{` is safe where there is nothing to fill in.
 *
 * @throws `Invalid` when the template cannot be parsed.
 */
export function renderTemplate(text: string, values: Readonly<Record<string, unknown>>): string {
  if (Object.keys(values).length === 0 || !text.includes('{{')) return text;
  return renderAll(parseTemplate(text), values, values);
}

function renderAll(nodes: TemplateNode[], dot: unknown, root: unknown): string {
  return nodes.map((node) => render(node, dot, root)).join('');
}

function render(node: TemplateNode, dot: unknown, root: unknown): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value':
      return goText(evaluate(node.expression, dot, root));
    case 'if': {
      const branch = node.branches.find(({ condition }) => !condition || isTrue(evaluate(condition, dot, root)));
      return branch ? renderAll(branch.body, dot, root) : '';
    }
    case 'range': {
      const list = evaluate(node.expression, dot, root);
      const items = listItems(list);
      if (items.length === 0) return renderAll(node.otherwise, dot, root);
      return items.map((item) => renderAll(node.body, item, root)).join('');
    }
  }
}

function listItems(list: unknown): unknown[] {
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list;
  if (typeof list === 'object')
    return Object.keys(list)
      .sort()
      .map((key) => (list as Record<string, unknown>)[key]);
  throw invalid(`a template can range over lists only, not over ${typeof list}`);
}
