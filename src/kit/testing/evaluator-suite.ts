import { ok, strictEqual } from 'node:assert/strict';
import { ArkError, errorText } from '../errors/ark-error.js';
import {
  type Evaluates,
  type EvaluationContext,
  type EvaluationRequest,
  type EvaluationResult,
  evaluators,
} from '../evaluator/evaluator.js';
import type { SuiteCase } from './engine-suite.js';
import { evaluationContext, evaluationRequest } from './evaluations.js';
import { frozen } from './frozen.js';

/** One thing to judge, and what is lent for it. */
export interface TrialEvaluation {
  request?: Partial<EvaluationRequest>;
  context?: Partial<EvaluationContext>;
}

/** An evaluator on trial. */
export interface EvaluatorTrial {
  /** A fresh instance of a class marked with `@Evaluator`. */
  evaluator: Evaluates;
  /** An answer that must pass. */
  good: TrialEvaluation;
  /** One that must not. */
  bad: TrialEvaluation;
  /** A judgement that takes at least two seconds, to be cut short. Absent: the evaluator waits for nobody. */
  slow?: TrialEvaluation;
  /** A judgement that must fail with an `ArkError`. */
  failure?: TrialEvaluation & { message: RegExp };
}

interface Globals {
  describe?: (title: string, body: () => void) => void;
  it?: (title: string, body: () => Promise<void>) => void;
}

/**
 * The contract every evaluator keeps, as test cases; registered like those of `engineSuite`.
 *
 * @example
 * ```ts
 * const said = (output: string) => ({ request: { exchange: { input: 'Say yes', output } } });
 * evaluatorSuite('brief', () => ({ evaluator: new BriefEvaluator(), good: said('Yes'), bad: said('Well, '.repeat(99)) }));
 * ```
 */
export function evaluatorSuite(name: string, make: () => EvaluatorTrial | Promise<EvaluatorTrial>): SuiteCase[] {
  const cases = CASES.map(([title, check]) => ({ title, run: async () => check(await make()) }));
  const { describe, it } = globalThis as Globals;
  if (describe && it) {
    describe(`evaluator contract: ${name}`, () => {
      for (const { title, run } of cases) it(title, run);
    });
  }
  return cases;
}

function judge({ evaluator }: EvaluatorTrial, { request, context }: TrialEvaluation): Promise<EvaluationResult> {
  return evaluator.evaluate(frozen(evaluationRequest(request)), evaluationContext(context));
}

const passes = ({ score, passed }: EvaluationResult, { passMark = 0.7 }: Partial<EvaluationRequest> = {}) =>
  passed ?? score >= passMark;

const CASES: [title: string, check: (trial: EvaluatorTrial) => Promise<void>][] = [
  [
    'carries the mark of an evaluator',
    async ({ evaluator }) => ok(evaluators.markOf(evaluator.constructor), 'the class lacks @Evaluator'),
  ],
  [
    'gives scores from 0 to 1, with facts that are texts',
    async (trial) => {
      for (const each of [trial.good, trial.bad]) {
        const { score, metadata = {} } = await judge(trial, each);
        ok(score >= 0 && score <= 1, `the score is ${score}`);
        for (const [key, fact] of Object.entries(metadata)) strictEqual(typeof fact, 'string', `metadata.${key}`);
      }
    },
  ],
  [
    'passes a good answer and no bad one',
    async (trial) => {
      strictEqual(passes(await judge(trial, trial.good), trial.good.request), true, 'the good answer did not pass');
      strictEqual(passes(await judge(trial, trial.bad), trial.bad.request), false, 'the bad answer passed');
    },
  ],
  [
    'keeps calls that run at the same time apart',
    async (trial) => {
      const asked = Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? trial.good : trial.bad));
      const results = await Promise.all(asked.map((each) => judge(trial, each)));
      for (const [i, result] of results.entries()) strictEqual(passes(result, asked[i]?.request), i % 2 === 0);
    },
  ],
  [
    'stops when its signal is aborted',
    async (trial) => {
      if (!trial.slow) return;
      const abort = new AbortController();
      const { request, context } = trial.slow;
      const ended = judge(trial, { request, context: { ...context, signal: abort.signal } }).then(
        () => 'judged',
        () => 'stopped',
      );
      setTimeout(() => abort.abort(), 50);
      const late = new Promise<string>((done) => setTimeout(() => done('late'), 1_050).unref());
      strictEqual(await Promise.race([ended, late]), 'stopped', 'it went on although its signal was aborted');
    },
  ],
  [
    'fails in a way that the caller can act on',
    async (trial) => {
      const { failure } = trial;
      if (!failure) return;
      const said = await judge(trial, failure).then(
        ({ score }) => `it gave a score of ${score}`,
        (error: unknown) => {
          ok(error instanceof ArkError, `not an ArkError, and so taken for a bug: ${errorText(error)}`);
          return error.message;
        },
      );
      ok(failure.message.test(said), `it said: ${said}`);
    },
  ],
];
