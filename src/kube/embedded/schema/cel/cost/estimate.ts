import type { StructuralSchema } from '../../../catalogue.js';
import { mostElements } from './sizes.js';

/** A part of a parsed rule. */
export interface CelNode {
  op: string;
  args: unknown;
}

/** What a part costs at most, and what is known of its value. */
interface Estimate {
  cost: number;
  /** Characters, items or entries, at most. */
  size: number;
  schema?: StructuralSchema;
}

type Scope = ReadonlyMap<string, Estimate>;

/** What looking at each character costs; a pattern costs this much for each of its own. */
const PER_CHARACTER = 0.1;
const PER_PATTERN_CHARACTER = 0.25;
const NEW_LIST = 10;
const NEW_MAP = 30;
/** What a macro adds to each turn: its condition, and what it does with the answer. */
const TURNS: Record<string, number> = { all: 3, exists: 4, exists_one: 4, filter: 13, map: 12 };
/** Functions that look at each character or item of what they are called on. */
const WALKS = new Set([
  'split',
  'replace',
  'trim',
  'lowerAscii',
  'upperAscii',
  'substring',
  'join',
  'isSorted',
  'sum',
  'min',
  'max',
  'indexOf',
  'lastIndexOf',
]);

/**
 * What a rule may cost at most, in the units of Kubernetes: the worst value that the schema allows. Parts that are not
 * known here count as little as any call, so that no rule is called too dear by mistake.
 */
export function estimateCost(rule: CelNode, self: StructuralSchema): number {
  const known = { cost: 1, size: mostElements(self), schema: self };
  return estimate(
    rule,
    new Map([
      ['self', known],
      ['oldSelf', known],
    ]),
  ).cost;
}

function estimate(node: CelNode, scope: Scope): Estimate {
  const parts = childrenOf(node);
  switch (node.op) {
    case 'value':
      return { cost: 0, size: typeof node.args === 'string' ? node.args.length : 1 };
    case 'id':
      return scope.get(String(node.args)) ?? { cost: 1, size: 1 };
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return member(
        node,
        parts.map((part) => estimate(part, scope)),
      );
    case '?:': {
      const [condition, one, other] = parts.map((part) => estimate(part, scope));
      const dearer = (one?.cost ?? 0) > (other?.cost ?? 0) ? one : other;
      return {
        ...dearer,
        size: Math.max(one?.size ?? 1, other?.size ?? 1),
        cost: (condition?.cost ?? 0) + (dearer?.cost ?? 0),
      };
    }
    case 'rcall':
      return called(node, scope);
    default:
      return combined(
        node,
        parts.map((part) => estimate(part, scope)),
      );
  }
}

function member(node: CelNode, [of, at]: Estimate[]): Estimate {
  const name = (node.args as unknown[])[1];
  const schema = of?.schema;
  const entry = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const found = (typeof name === 'string' ? schema?.properties?.[name] : undefined) ?? entry ?? schema?.items;
  const cost = (of?.cost ?? 0) + (at?.cost ?? 0) + 1;
  return { cost, size: found ? mostElements(found) : 1, ...(found ? { schema: found } : {}) };
}

/** Operators and functions: the parts, and what it takes to look at them. */
function combined({ op, args }: CelNode, parts: Estimate[]): Estimate {
  const cost = parts.reduce((sum, part) => sum + part.cost, 0);
  const sizes = parts.map(({ size }) => size);
  const [one = 1, other = 1] = sizes;
  switch (op) {
    case '&&':
    case '||':
      return { cost, size: 1 };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { cost: cost + Math.max(1, Math.ceil(Math.min(one, other) * PER_CHARACTER)), size: 1 };
    case '+':
      return { cost: cost + Math.max(1, Math.ceil((one + other) * PER_CHARACTER)), size: one + other };
    case 'in':
      return { cost: cost + (parts[1]?.schema?.type === 'object' ? 1 : other), size: 1 };
    case 'list':
      return { cost: cost + NEW_LIST, size: parts.length };
    case 'map':
      return { cost: cost + NEW_MAP, size: parts.length };
    default:
      return { cost: cost + (Array.isArray(args) && args[0] === 'has' ? 0 : 1), size: 1 };
  }
}

/** A macro over a list or map, or a function of a value. */
function called(node: CelNode, scope: Scope): Estimate {
  const [name, receiver, given] = node.args as [string, CelNode, CelNode[]];
  const on = estimate(receiver, scope);
  const variable = given[0];
  if (TURNS[name] !== undefined && given.length > 1 && variable?.op === 'id') {
    const inner = new Map(scope).set(String(variable.args), elementOf(on.schema));
    const body = given.slice(1).reduce((sum, part) => sum + estimate(part, inner).cost, 0);
    return { cost: on.cost + 1 + on.size * (TURNS[name] + body), size: on.size };
  }
  const args = given.map((part) => estimate(part, scope));
  const cost = args.reduce((sum, arg) => sum + arg.cost, on.cost);
  const first = args[0]?.size ?? 0;
  return { cost: cost + Math.max(1, ownCost(name, on.size, first)), size: WALKS.has(name) ? on.size : 1 };
}

function ownCost(name: string, size: number, argument: number): number {
  const walk = Math.ceil(size * PER_CHARACTER);
  if (name === 'matches') return Math.ceil((size + 1) * PER_CHARACTER) * Math.ceil(argument * PER_PATTERN_CHARACTER);
  if (name === 'contains') return walk * Math.ceil(argument * PER_CHARACTER);
  if (name === 'startsWith' || name === 'endsWith') return Math.ceil(argument * PER_CHARACTER);
  return WALKS.has(name) ? walk : 1;
}

/** What a macro's variable stands for: an item, or the key of an entry, which may be as long as the request. */
function elementOf(schema: StructuralSchema | undefined): Estimate {
  const item = schema?.type === 'array' ? schema.items : schema?.type === 'object' ? { type: 'string' } : undefined;
  return { cost: 1, size: item ? mostElements(item) : 1, ...(item ? { schema: item } : {}) };
}

function childrenOf({ op, args }: CelNode): CelNode[] {
  if (op === 'value' || op === 'id') return [];
  const all: unknown[] = Array.isArray(args) ? args.flat(2) : [args];
  return all.filter((part): part is CelNode => typeof part === 'object' && part !== null && 'op' in part);
}
