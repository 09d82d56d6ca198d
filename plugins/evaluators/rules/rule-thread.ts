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

type Done = readonly { failed: boolean }[];
type Calls = readonly CallFact[];

const count = (done: Done) => BigInt(done.length);
const failures = (done: Done) => done.filter(({ failed }) => failed);
/** The share of what did not fail; 0 where nothing was done. */
const successRate = (done: Done) => (done.length > 0 ? 1 - failures(done).length / done.length : 0);

const OF_TURNS = {
  'was_executed: bool': (turns: Done) => turns.length > 0,
  'get_execution_count: int': count,
  'get_success_rate: double': successRate,
};
const OF_CALLS = {
  'was_called: bool': (calls: Calls) => calls.length > 0,
  'get_call_count: int': count,
  'get_success_rate: double': successRate,
  'had_error: bool': (calls: Calls) => failures(calls).length > 0,
  'get_parameters: dyn': (calls: Calls) => calls.at(-1)?.arguments ?? {},
  'get_result: string': (calls: Calls) => calls.at(-1)?.result ?? '',
  'get_execution_metrics: map': (calls: Calls) => ({
    call_count: count(calls),
    success_count: BigInt(calls.length - failures(calls).length),
    error_count: count(failures(calls)),
    success_rate: successRate(calls),
  }),
};

/** The language of rules: CEL, and functions with the names that rules for Ark's evaluator use. */
function environment({ calls, agents, teams, completions, query }: RunFacts): Environment {
  const rules = new Environment({ homogeneousAggregateLiterals: false, limits: LIMITS });
  for (const [name, kind] of Object.entries({ Tools, Agents, Teams, Llm, Sequence })) {
    rules.registerType(name, { ctor: kind, fields: {} }).registerVariable(name.toLowerCase(), name);
  }
  registerAbout(rules, 'Tools', calls, OF_CALLS);
  registerAbout(rules, 'Agents', agents, OF_TURNS);
  registerAbout(rules, 'Teams', teams, OF_TURNS);
  const fields = { name: 'string', namespace: 'string', phase: 'string', seconds: 'double', tokens: 'int' };
  // Only answers are in a transcript: a model that fails ends its Query.
  const modelRate = completions > 0 ? 1 : 0;
  return rules
    .registerType('Query', { ctor: QueryFacts, fields })
    .registerVariable('query', 'Query')
    .registerVariable('input', 'string')
    .registerVariable('output', 'string')
    .registerVariable('expected', 'dyn')
    .registerFunction(
      'Tools.was_called(string, string): bool',
      (_: unknown, name: string) => named(calls, name).length > 0,
    )
    .registerFunction(
      'Tools.parameter_contains(string, string, string): bool',
      (_: unknown, name: string, key: string, text: string) =>
        named(calls, name).some((call) => has(call, key) && String(call.arguments[key]).includes(text)),
    )
    .registerFunction(
      'Tools.parameter_type(string, string, string): bool',
      (_: unknown, name: string, key: string, type: string) =>
        named(calls, name).some((call) => has(call, key) && typeOf(call.arguments[key]) === type),
    )
    .registerFunction('Llm.get_call_count(): int', () => BigInt(completions))
    .registerFunction('Llm.get_success_rate(): double', () => modelRate)
    .registerFunction('Sequence.was_completed(list): bool', (_: unknown, names: string[]) => inOrder(names, calls))
    .registerFunction('Query.was_resolved(): bool', () => query.phase === 'done')
    .registerFunction('Query.get_resolution_status(): string', () => query.phase)
    .registerFunction('Query.get_execution_time(): double', () => query.seconds);
}

/** Each function twice: about all, and about those of a name. */
function registerAbout<Fact extends { name: string }>(
  rules: Environment,
  kind: string,
  facts: readonly Fact[],
  functions: Record<string, (facts: readonly Fact[]) => unknown>,
): void {
  for (const [signature, about] of Object.entries(functions)) {
    const [name, type] = signature.split(': ');
    rules.registerFunction(`${kind}.${name}(): ${type}`, () => about(facts));
    rules.registerFunction(`${kind}.${name}(string): ${type}`, (_: unknown, wanted: string) =>
      about(named(facts, wanted)),
    );
  }
}

const named = <Fact extends { name: string }>(facts: readonly Fact[], wanted: string) =>
  facts.filter(({ name }) => name === wanted);
const has = (call: CallFact, key: string) => Object.hasOwn(call.arguments, key);

/** Python's names of types, which rules for Ark's evaluator use, and JSON's. */
function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return Array.isArray(value) ? 'array' : value === null ? 'null' : 'object';
}

/** Whether the tools were called in this order, whatever was called between them. */
function inOrder(names: string[], calls: Calls): boolean {
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
parentPort?.postMessage('ready');
for (const expression of expressions) parentPort?.postMessage(outcome(rules, expression, context));
