import { invalid } from '../errors/ark-error.js';

/** `.a.b`, `$.a`, a literal, `index` with arguments, or `json` with one. */
export type Expression =
  | { kind: 'json'; of: Expression }
  | { kind: 'path'; fromRoot: boolean; keys: string[] }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'index'; of: Expression; keys: Expression[] };

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|`([^`]*)`|(\$?(?:\.[\p{L}_][\p{L}\p{N}_]*)+|\$|\.)(?![\p{L}\p{N}_.])|(-?\d+(?:\.\d+)?)|([\p{L}]+))(?=\s|$)/uy;

/** Reads one expression. Throws `Invalid` for functions and pipes, which no manifest of Ark needs. */
export function parseExpression(source: string): Expression {
  const terms: (Expression | 'index' | 'json')[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw invalid(`template: cannot read "${source.slice(at).trim()}" in "{{${source}}}"`);
    terms.push(term(match, source));
  }
  const [first, of, ...keys] = terms;
  if (first === 'index' && of && typeof of !== 'string') {
    return { kind: 'index', of, keys: keys.filter((key) => typeof key !== 'string') };
  }
  if (first === 'json' && of && typeof of !== 'string' && terms.length === 2) return { kind: 'json', of };
  if (first && typeof first !== 'string' && terms.length === 1) return first;
  throw invalid(`template: "{{${source}}}" is not a value; write {{.name}}`);
}

function term(match: RegExpExecArray, source: string): Expression | 'index' | 'json' {
  const [, quoted, raw, path, number, word] = match;
  if (quoted !== undefined) return { kind: 'literal', value: JSON.parse(quoted) as string };
  if (raw !== undefined) return { kind: 'literal', value: raw };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (path !== undefined) {
    const keys = path.split('.').filter((key) => key !== '' && key !== '$');
    return { kind: 'path', fromRoot: path.startsWith('$'), keys };
  }
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'index' || word === 'json') return word;
  throw invalid(`template: unknown function "${word}" in "{{${source}}}"`);
}

export function evaluate(expression: Expression, dot: unknown, root: unknown): unknown {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'path') return expression.keys.reduce(child, expression.fromRoot ? root : dot);
  if (expression.kind === 'json') return JSON.stringify(evaluate(expression.of, dot, root)) ?? 'null';
  const keys = expression.keys.map((key) => evaluate(key, dot, root));
  return keys.reduce<unknown>((value, key) => child(value, String(key)), evaluate(expression.of, dot, root));
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** Go's truth: everything but absent, false, zero and empty. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as Go prints it. */
export function goText(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}
