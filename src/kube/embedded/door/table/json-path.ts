type Step = (values: unknown[]) => unknown[];

/** Finds the values at a path in an object; an absent path finds nothing. */
export type JsonPath = (root: unknown) => unknown[];

/**
 * Compiles kubectl's JSONPath as printer columns use it: `.a.b`, `['a.b']`, `.a\.b`, `[0]`, `[-1]`, `[1:3]`, `[*]`,
 * `.*`, `..a`, `[?(@.type=="Ready")]` with `== != < <= > >=` or mere existence. Braces around the path are allowed.
 * Throws a SyntaxError that shows the place.
 */
export function compileJsonPath(path: string): JsonPath {
  const text = path
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .replace(/^\$/, '');
  const steps: Step[] = [];
  let at = 0;
  while (at < text.length) {
    const [step, length] = nextStep(text.slice(at));
    if (!step)
      throw new SyntaxError(`JSONPath ${JSON.stringify(path)} cannot be read from ${JSON.stringify(text.slice(at))}`);
    steps.push(step);
    at += length;
  }
  return (root) => steps.reduce((values, step) => step(values), [root]);
}

const FIELD = /^\.((?:[^.[\]\\'"*\s]|\\.)+)/;
const QUOTED = /^\.?\[\s*(['"])((?:(?!\1)[^\\]|\\.)*)\1\s*\]/;
const INDEX = /^\[\s*(-?\d+)\s*\]/;
const SLICE = /^\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/;
const EVERY = /^(?:\.\*|\.?\[\s*\*\s*\])/;
/** `..name` looks at every depth: the second dot belongs to the name, but `..[` has none to spare. */
const RECURSE = /^\.(?:(?=\.[^.[])|\.(?=\[))/;
const FILTER =
  /^\[\?\(\s*@((?:[^=!<>()'"]|'[^']*'|"[^"]*")*?)\s*(?:(==|!=|<=|>=|<|>)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^)\s]+)\s*)?\)\]/;

/** The forms a step can take, tried in this order. */
const FORMS: [RegExp, (match: RegExpExecArray) => Step][] = [
  [RECURSE, () => (values) => values.flatMap(descendants)],
  [EVERY, () => (values) => values.flatMap(children)],
  [FIELD, (match) => field(unescaped(match[1]!))],
  [QUOTED, (match) => field(unescaped(match[2]!))],
  [INDEX, (match) => index(Number(match[1]))],
  [SLICE, (match) => slice(match[1]!, match[2]!)],
  [FILTER, (match) => filter(match[1]!, match[2], match[3])],
  [/^\.$/, () => (values) => values],
];

/** The first step of a path and its length. */
function nextStep(text: string): [Step | undefined, number] {
  for (const [form, make] of FORMS) {
    const match = form.exec(text);
    if (match) return [make(match), match[0].length];
  }
  return [undefined, 0];
}

function field(name: string): Step {
  return (values) => values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
}

function index(position: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return [];
      const found: unknown = value.at(position);
      return found === undefined ? [] : [found];
    });
}

function slice(from: string, to: string): Step {
  return (values) =>
    values.flatMap((value) =>
      Array.isArray(value) ? (value.slice(from ? Number(from) : 0, to ? Number(to) : undefined) as unknown[]) : [],
    );
}

function filter(path: string, operator: string | undefined, literal: string | undefined): Step {
  const left = compileJsonPath(path);
  const right = literal === undefined ? undefined : readLiteral(literal);
  return (values) =>
    values.flatMap((value) =>
      children(value).filter((child) => {
        const found = left(child);
        return operator ? found.length > 0 && compare(found[0], operator, right) : found.length > 0;
      }),
    );
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const [a, b] = [left, right as typeof left];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function readLiteral(text: string): unknown {
  if (text.startsWith("'") || text.startsWith('"')) return unescaped(text.slice(1, -1));
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: unknown): unknown[] {
  return [value, ...children(value).flatMap(descendants)];
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
