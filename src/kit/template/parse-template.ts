import { invalid } from '../errors/ark-error.js';
import { type Expression, parseExpression } from './template-expression.js';

export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'value'; expression: Expression }
  | { kind: 'if'; branches: { condition?: Expression; body: TemplateNode[] }[] }
  | { kind: 'range'; expression: Expression; body: TemplateNode[]; otherwise: TemplateNode[] };

type Piece = { text: string } | { action: string };

/** Reads a template into a tree. Throws `Invalid` with the place that cannot be read. */
export function parseTemplate(source: string): TemplateNode[] {
  const pieces = split(source);
  const parser = new Parser(pieces);
  const nodes = parser.block();
  if (!parser.atEnd) throw invalid(`template: unexpected {{${parser.stoppedAt}}}`);
  return nodes;
}

/** Cuts at `{{` and `}}`; `{{- ` and ` -}}` eat the blanks beside them; comments vanish. */
function split(source: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = source;
  while (rest !== '') {
    const open = rest.indexOf('{{');
    if (open < 0) {
      pieces.push({ text: rest });
      break;
    }
    const close = rest.indexOf('}}', open);
    if (close < 0) throw invalid(`template: {{ is never closed: "${rest.slice(open, open + 40)}"`);
    let before = rest.slice(0, open);
    let action = rest.slice(open + 2, close);
    rest = rest.slice(close + 2);
    if (/^-\s/.test(action)) {
      before = before.trimEnd();
      action = action.slice(1);
    }
    if (/\s-$/.test(action)) {
      rest = rest.trimStart();
      action = action.slice(0, -1);
    }
    if (before !== '') pieces.push({ text: before });
    action = action.trim();
    if (!/^\/\*.*\*\/$/s.test(action)) pieces.push({ action });
  }
  return pieces;
}

const STOPS = /^(else|end)\b/;

class Parser {
  private at = 0;

  constructor(private readonly pieces: Piece[]) {}

  get atEnd(): boolean {
    return this.at >= this.pieces.length;
  }

  /** The `else` or `end` that ended a block. */
  get stoppedAt(): string {
    const piece = this.pieces[this.at];
    return piece && 'action' in piece ? piece.action : '';
  }

  block(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (; !this.atEnd; this.at++) {
      const piece = this.pieces[this.at]!;
      if ('text' in piece) nodes.push({ kind: 'text', text: piece.text });
      else if (STOPS.test(piece.action)) break;
      else nodes.push(this.action(piece.action));
    }
    return nodes;
  }

  private action(action: string): TemplateNode {
    if (/^if\s/.test(action)) return this.conditional(action.slice(2));
    if (/^range\s/.test(action)) return this.range(action.slice(5));
    return { kind: 'value', expression: parseExpression(action) };
  }

  private conditional(condition: string): TemplateNode {
    const branches = [{ condition: parseExpression(condition), body: this.next() }] as {
      condition?: Expression;
      body: TemplateNode[];
    }[];
    for (let stop = this.stop('if'); stop !== 'end'; stop = this.stop('if')) {
      const elseIf = /^else\s+if\s+(.+)$/s.exec(stop);
      branches.push({ ...(elseIf ? { condition: parseExpression(elseIf[1]!) } : {}), body: this.next() });
    }
    return { kind: 'if', branches };
  }

  private range(expression: string): TemplateNode {
    const node: TemplateNode = {
      kind: 'range',
      expression: parseExpression(expression),
      body: this.next(),
      otherwise: [],
    };
    if (this.stop('range') !== 'end') {
      node.otherwise = this.next();
      if (this.stop('range') !== 'end') throw invalid('template: a range has one else at most');
    }
    return node;
  }

  private next(): TemplateNode[] {
    this.at++;
    return this.block();
  }

  private stop(what: string): string {
    if (this.atEnd) throw invalid(`template: {{${what}}} needs an {{end}}`);
    return this.stoppedAt;
  }
}
