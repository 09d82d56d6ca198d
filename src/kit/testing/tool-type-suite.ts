import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ArkError, errorText } from '../errors/ark-error.js';
import { schemaProblems } from '../json-schema/schema-problems.js';
import { type ToolConfig, type ToolContext, type ToolType, toolTypes } from '../tool/tool-type.js';
import type { SuiteCase } from './engine-suite.js';
import { frozen } from './frozen.js';
import { toolConfig, toolContext } from './tool-calls.js';

/** One call of a tool. */
export interface TrialCall {
  tool?: Partial<ToolConfig>;
  args?: Record<string, unknown>;
  context?: Partial<ToolContext>;
}

/** A tool type on trial. */
export interface ToolTypeTrial {
  /** A fresh instance of a class marked with `@ProvidesTools`. */
  type: ToolType;
  /** A call that must succeed, and the text it owes. */
  call: TrialCall & { answer: string };
  /** A call that takes at least two seconds, to be cut short. Absent: the type waits for nobody. */
  slow?: TrialCall;
  /** A call that must fail: by an error for the caller to act on, or a result that says so. */
  failure?: TrialCall & { message: RegExp };
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every tool type keeps, as test cases; registered like those of `engineSuite`.
 *
 * @example
 * ```ts
 * toolTypeSuite('clock', () => ({ type: new ClockToolType(), call: { answer: '12:00' } }));
 * ```
 */
export function toolTypeSuite(name: string, make: () => ToolTypeTrial | Promise<ToolTypeTrial>): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(await make()) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`tool type contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

function run({ type }: ToolTypeTrial, { tool, args = {}, context }: TrialCall) {
  return type.call(frozen(toolConfig(tool)), frozen(args), toolContext(context));
}

const CASES: [title: string, check: (trial: ToolTypeTrial) => Promise<void>][] = [
  [
    'carries the mark of a tool type',
    async ({ type }) => ok(toolTypes.markOf(type.constructor), 'the class lacks @ProvidesTools'),
  ],
  [
    'answers a call, and changes neither its arguments nor its settings',
    async (trial) => {
      const result = await run(trial, trial.call);
      strictEqual(result.isError ?? false, false, result.text);
      strictEqual(result.text, trial.call.answer);
    },
  ],
  [
    'asks for arguments that its call has, when it knows its schema',
    async ({ type, call }) => {
      const schema = type.inputSchema?.(toolConfig(call.tool));
      if (!schema) return;
      strictEqual(schema.type, 'object');
      deepStrictEqual(await schemaProblems(schema, call.args ?? {}), []);
    },
  ],
  [
    'keeps calls that run at the same time apart',
    async (trial) => {
      const results = await Promise.all(Array.from({ length: 8 }, () => run(trial, trial.call)));
      for (const { text } of results) strictEqual(text, trial.call.answer);
    },
  ],
  ['stops when its signal is aborted', (trial) => stopsOnAbort(trial)],
  ['fails in a way that the caller can act on', (trial) => failsClearly(trial)],
];

async function stopsOnAbort(trial: ToolTypeTrial): Promise<void> {
  if (!trial.slow) return;
  const abort = new AbortController();
  const { context } = trial.slow;
  const call = run(trial, { ...trial.slow, context: { ...context, signal: abort.signal } });
  const ended = call.then(
    () => 'answered',
    () => 'stopped',
  );
  setTimeout(() => abort.abort(), 50);
  const late = new Promise<string>((done) => setTimeout(() => done('late'), 1_050).unref());
  strictEqual(await Promise.race([ended, late]), 'stopped', 'it went on although its signal was aborted');
}

async function failsClearly(trial: ToolTypeTrial): Promise<void> {
  const { failure } = trial;
  if (!failure) return;
  const said = await run(trial, failure).then(
    (result) => (result.isError ? result.text : `it answered: ${result.text}`),
    (error: unknown) => {
      ok(error instanceof ArkError, `not an ArkError, and so taken for a bug: ${errorText(error)}`);
      return error.message;
    },
  );
  ok(failure.message.test(said), `it said: ${said}`);
}
