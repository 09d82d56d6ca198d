// Runs in a thread of its own: an expression can take for ever, and only ending its thread stops it. It imports nothing
// of this tree, so that Node can run it from sources as well.
import { parentPort, workerData } from 'node:worker_threads';
import { Environment } from '@marcbachmann/cel-js';
import type { CallFact, RunFacts } from './run-facts.js';

/** What became of one rule. */
export type RuleOutcome = { holds: boolean } | { fails: string } | { refused: string };

// Functions take an empty object of their class as their first argument; what they answer from are the facts.
class Tools {}
class Agents {}
class Teams {}
class Llm {}
class Sequence {}
class QueryFacts {
  constructor(facts: object) {
    Object.assign(this, facts);
  }
}

const LIMITS = { maxAstNodes: 1_000, maxDepth: 40, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 10 };

/** The language of rules: CEL, and functions with the names that rules for Ark's evaluator use. */
function environment({ calls, agents, teams, completions, query }: RunFacts): Environment {
  const of = (name: string) => calls.filter((call) => call.name === name);
  const count = (list: string[], name: string) => BigInt(list.filter((each) => each === name).length);
  const has = (call: CallFact, key: string) => Object.hasOwn(call.arguments, key);
  const kinds = { Tools, Agents, Teams, Llm, Sequence };
  const rules = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const [name, kind] of Object.entries(kinds)) {
    rules.registerType(name, { ctor: kind, fields: {} }).registerVariable(name.toLowerCase(), name);
  }
  const fields = { name: 'string', namespace: 'string', phase: 'string', seconds: 'double', tokens: 'int' };
  return rules
    .registerType('Query', { ctor: QueryFacts, fields })
    .registerVariable('query', 'Query')
    .registerVariable('input', 'string')
    .registerVariable('output', 'string')
    .registerVariable('expected', 'dyn')
    .registerFunction('Tools.was_called(string): bool', (_: unknown, name: string) => of(name).length > 0)
    .registerFunction('Tools.was_called(string, string): bool', (_: unknown, name: string) => of(name).length > 0)
    .registerFunction('Tools.get_call_count(): int', () => BigInt(calls.length))
    .registerFunction('Tools.get_call_count(string): int', (_: unknown, name: string) => BigInt(of(name).length))
    .registerFunction(
      'Tools.get_parameters(string): dyn',
      (_: unknown, name: string) => of(name).at(-1)?.arguments ?? {},
    )
    .registerFunction('Tools.get_result(string): string', (_: unknown, name: string) => of(name).at(-1)?.result ?? '')
    .registerFunction(
      'Tools.parameter_contains(string, string, string): bool',
      (_: unknown, name: string, key: string, text: string) =>
        of(name).some((call) => has(call, key) && String(call.arguments[key]).includes(text)),
    )
    .registerFunction(
      'Tools.parameter_type(string, string, string): bool',
      (_: unknown, name: string, key: string, type: string) =>
        of(name).some((call) => has(call, key) && typeOf(call.arguments[key]) === type),
    )
    .registerFunction('Agents.was_executed(string): bool', (_: unknown, name: string) => agents.includes(name))
    .registerFunction('Agents.get_execution_count(string): int', (_: unknown, name: string) => count(agents, name))
    .registerFunction('Teams.was_executed(string): bool', (_: unknown, name: string) => teams.includes(name))
    .registerFunction('Llm.get_call_count(): int', () => BigInt(completions))
    .registerFunction('Sequence.was_completed(list): bool', (_: unknown, names: string[]) => inOrder(names, calls))
    .registerFunction('Query.was_resolved(): bool', () => query.phase === 'done')
    .registerFunction('Query.get_resolution_status(): string', () => query.phase)
    .registerFunction('Query.get_execution_time(): double', () => query.seconds);
}

/** Python's names of types, which rules for Ark's evaluator use, and JSON's. */
function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return Array.isArray(value) ? 'array' : value === null ? 'null' : 'object';
}

/** Whether the tools were called in this order, whatever was called between them. */
function inOrder(names: string[], calls: CallFact[]): boolean {
  let at = 0;
  for (const { name } of calls) if (name === names[at]) at += 1;
  return at === names.length;
}

function outcome(rules: Environment, expression: string, context: object): RuleOutcome {
  try {
    const { valid, error, type } = rules.check(expression);
    if (!valid) return { refused: firstLine(error) };
    if (type !== 'bool' && type !== 'dyn') return { refused: `it gives ${type}, and a rule is either true or false` };
  } catch (error) {
    return { refused: firstLine(error) };
  }
  try {
    const value: unknown = rules.evaluate(expression, { ...context });
    return typeof value === 'boolean' ? { holds: value } : { fails: 'it gives neither true nor false' };
  } catch (error) {
    return { fails: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  return String((error as Error | undefined)?.message ?? error).split('\n')[0] ?? '';
}

const { facts, expressions } = workerData as { facts: RunFacts; expressions: string[] };
const rules = environment(facts);
const { input, output, expected, query } = facts;
const context = {
  ...{ input, output, expected, query: new QueryFacts({ ...query, tokens: BigInt(query.tokens) }) },
  ...{ tools: new Tools(), agents: new Agents(), teams: new Teams(), llm: new Llm(), sequence: new Sequence() },
};
for (const expression of expressions) parentPort?.postMessage(outcome(rules, expression, context));
