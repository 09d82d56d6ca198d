import { invalid } from '../errors/ark-error.js';
import { parseTemplate, type TemplateNode } from './parse-template.js';
import { evaluate, goText, isTrue } from './template-expression.js';

/** How texts and values of a template are written; it hears them in the order of the output. */
export interface TemplateWriter {
  /** A literal part of the template. */
  text(literal: string): string;
  /** A value that is filled in. */
  value(value: unknown): string;
}

const PLAIN: TemplateWriter = { text: (literal) => literal, value: goText };

/**
 * Fills a template. The language is the part of Go's text/template that manifests use: `{{.name}}`, `{{.a.b}}`,
 * `{{index . "a-b"}}`, `{{if .x}}…{{else if .y}}…{{else}}…{{end}}`, `{{range .list}}…{{.}}…{{end}}`, comments and trim
 * marks; and `{{json .x}}`, the value as JSON. Single braces are text. A name that is not known becomes `<no value>`, as
 * in Go, unless the writer says otherwise.
 *
 * With no values at all the text is returned as it is, so that literal `{{` is safe where there is nothing to fill in.
 *
 * @param writer escapes values for where they land, e.g. `jsonWriter()`. Default: as Go prints them
 * @throws `Invalid` when the template cannot be parsed, or writes more than 16 MiB or 200 000 parts
 */
export function renderTemplate(
  text: string,
  values: Readonly<Record<string, unknown>>,
  writer: TemplateWriter = PLAIN,
): string {
  if (Object.keys(values).length === 0 || !text.includes('{{')) return text;
  return new Rendering(values, writer).all(parseTemplate(text), values);
}

/** Texts and values that one template may write, and characters of all of them: ranges in ranges never end. */
const MOST_PARTS = 200_000;
const LONGEST = 16 << 20;

class Rendering {
  private parts = 0;
  private length = 0;

  constructor(
    private readonly root: unknown,
    private readonly writer: TemplateWriter,
  ) {}

  all(nodes: TemplateNode[], dot: unknown): string {
    return nodes.map((node) => this.counted(this.one(node, dot), node)).join('');
  }

  private counted(text: string, { kind }: TemplateNode): string {
    this.parts += 1;
    if (kind === 'text' || kind === 'value') this.length += text.length;
    if (this.parts > MOST_PARTS || this.length > LONGEST)
      throw invalid('template: it writes too much; is a range in a range?');
    return text;
  }

  private one(node: TemplateNode, dot: unknown): string {
    switch (node.kind) {
      case 'text':
        return this.writer.text(node.text);
      case 'value': {
        const value = evaluate(node.expression, dot, this.root);
        return node.expression.kind === 'json' ? String(value) : this.writer.value(value);
      }
      case 'if': {
        const holds = (condition: Parameters<typeof evaluate>[0]) => isTrue(evaluate(condition, dot, this.root));
        const branch = node.branches.find(({ condition }) => !condition || holds(condition));
        return branch ? this.all(branch.body, dot) : '';
      }
      case 'range': {
        const items = listItems(evaluate(node.expression, dot, this.root));
        if (items.length === 0) return this.all(node.otherwise, dot);
        return items.map((item) => this.all(node.body, item)).join('');
      }
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
