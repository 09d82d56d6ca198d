import { UsageError } from '../exit-code.js';

type Step = { key: string } | { index: number } | { all: true } | { where: { path: string; equals: string } };

/**
 * kubectl's JSONPath templates, the part people use: `{.a.b}`, `[0]`, `[*]`, `['k.x']`, `[?(@.type=="Ready")]`, text and
 * `{"\n"}` between, `{range .items[*]}…{end}`.
 */
export function jsonPath(template: string, root: unknown): string {
  const tokens = [...tokenize(template.includes('{') ? template : `{${template}}`)];
  const parts = parse(tokens, template);
  if (tokens.length > 0) throw new UsageError(`jsonpath: {end} without {range} in "${template}"`);
  return render(parts, root);
}

type Part = { text: string } | { path: string } | { range: string; parts: Part[] };

/** Text as it stands, expressions with their braces. */
function* tokenize(template: string): Generator<string> {
  for (const [token] of template.matchAll(/\{[^}]*\}|[^{]+|\{/g)) {
    if (token === '{') throw new UsageError(`jsonpath: "${template}" has a { without }`);
    yield token;
  }
}

/** Takes tokens up to the matching `{end}`, which it leaves for a caller that expects none. */
function parse(tokens: string[], template: string): Part[] {
  const parts: Part[] = [];
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    if (!token.startsWith('{')) {
      parts.push({ text: escapes(token) });
      continue;
    }
    const expression = token.slice(1, -1).trim();
    if (expression === 'end') {
      tokens.unshift(token);
      return parts;
    }
    if (expression.startsWith('range ')) {
      parts.push({ range: expression.slice(6), parts: parse(tokens, template) });
      if (tokens.shift() === undefined) throw new UsageError(`jsonpath: {range} without {end} in "${template}"`);
    } else if (/^["']/.test(expression)) parts.push({ text: escapes(expression.slice(1, -1)) });
    else parts.push({ path: expression });
  }
  return parts;
}

function render(parts: Part[], root: unknown): string {
  return parts
    .map((part) => {
      if ('text' in part) return part.text;
      if ('path' in part) return show(evaluate(part.path, root));
      return evaluate(part.range, root)
        .map((item) => render(part.parts, item))
        .join('');
    })
    .join('');
}

/** All values a path leads to. */
export function evaluate(path: string, root: unknown): unknown[] {
  return steps(path.trim().replace(/^[@$]/, '')).reduce<unknown[]>(
    (values, step) => values.flatMap((value) => follow(value, step)),
    [root],
  );
}

function follow(value: unknown, step: Step): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  if ('all' in step) return Object.values(value);
  if ('index' in step) {
    const found = Array.isArray(value) ? value.at(step.index) : undefined;
    return found === undefined ? [] : [found];
  }
  if ('where' in step) {
    const { path, equals } = step.where;
    return Object.values(value).filter((item) => String(evaluate(path, item)[0]) === equals);
  }
  const found = (value as Record<string, unknown>)[step.key];
  return found === undefined ? [] : [found];
}

const STEP =
  /^(?:\.?\[\?\(@(?<path>[^=]+?)\s*==\s*["']?(?<equals>[^"')]*)["']?\s*\)\]|\.?\[(?<inside>[^\]]+)\]|\.(?<key>(?:\\.|[^.[\]\\])+))/;

function steps(path: string): Step[] {
  const found: Step[] = [];
  let rest = path.startsWith('.') || path.startsWith('[') || path === '' ? path : `.${path}`;
  while (rest && rest !== '.') {
    const match = STEP.exec(rest);
    if (!match?.groups) throw new UsageError(`jsonpath: cannot read "${path}" at "${rest}"`);
    rest = rest.slice(match[0].length);
    const { path: where, equals, inside, key } = match.groups;
    if (where !== undefined) found.push({ where: { path: where, equals: equals ?? '' } });
    else if (inside === '*' || key === '*') found.push({ all: true });
    else if (inside !== undefined && /^-?\d+$/.test(inside)) found.push({ index: Number(inside) });
    else
      found.push({
        key: inside !== undefined ? inside.replace(/^["']|["']$/g, '') : (key ?? '').replace(/\\(.)/g, '$1'),
      });
  }
  return found;
}

const show = (values: unknown[]) =>
  values
    .map((value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)))
    .join(' ');

const escapes = (text: string) => text.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
