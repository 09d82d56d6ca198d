import { describe, expect, it } from '@jest/globals';
import { invalid } from '../errors/ark-error.js';
import { type Evaluates, Evaluator } from '../evaluator/evaluator.js';
import { type EvaluatorTrial, evaluatorSuite } from './evaluator-suite.js';

type Evaluate = Evaluates['evaluate'];

const said = (output: string) => ({ request: { exchange: { input: 'Say yes', output } } });

/** Titles of the cases that an evaluator with this method breaks. */
async function broken(evaluate: Evaluate, more: Partial<EvaluatorTrial> = {}, marked = true): Promise<string[]> {
  class Judge implements Evaluates {
    evaluate = evaluate;
  }
  Object.assign(Judge.prototype, { evaluate });
  if (marked) Evaluator({ name: 'judge', description: '' })(Judge);
  // As in a runner without global describe and it: the cases are only handed back.
  const runner = globalThis as { describe?: unknown };
  const registers = runner.describe;
  runner.describe = undefined;
  const trial = () => ({ evaluator: new Judge(), good: said('yes'), bad: said('no'), ...more });
  const cases = evaluatorSuite('judge', trial);
  runner.describe = registers;
  const failed: string[] = [];
  for (const { title, run } of cases) await run().catch(() => failed.push(title));
  return failed;
}

const honest: Evaluate = async ({ exchange }) => ({ score: exchange.output === 'yes' ? 1 : 0 });

describe('the suite for evaluators', () => {
  it('lets an honest one pass', async () => {
    const careful: Evaluate = async (request, context) => {
      if (request.exchange.output === '') throw invalid('there is no answer');
      return honest(request, context);
    };
    expect(await broken(careful, { failure: { ...said(''), message: /no answer/ } })).toEqual([]);
  });

  it('notices a class without mark', async () => {
    expect(await broken(honest, {}, false)).toEqual(['carries the mark of an evaluator']);
  });

  it('notices scores out of bounds, and facts that are no texts', async () => {
    const title = 'gives scores from 0 to 1, with facts that are texts';
    expect(await broken(async () => ({ score: 85 }))).toContain(title);
    expect(await broken(async () => ({ score: Number.NaN }))).toContain(title);
    expect(await broken(async () => ({ score: 1, metadata: { words: 3 as unknown as string } }))).toContain(title);
  });

  it('notices one that likes everything, and one that changes what it judges', async () => {
    const title = 'passes a good answer and no bad one';
    expect(await broken(async () => ({ score: 1 }))).toContain(title);
    const greedy: Evaluate = async (request) => {
      request.exchange.output = 'yes';
      return { score: 1 };
    };
    expect(await broken(greedy)).toContain(title);
  });

  it('notices calls that share their state', async () => {
    let last = '';
    const sharing: Evaluate = async ({ exchange }) => {
      last = exchange.output;
      await new Promise((done) => setTimeout(done, 5));
      return { score: last === 'yes' ? 1 : 0 };
    };
    expect(await broken(sharing)).toEqual(['keeps calls that run at the same time apart']);
  });

  it('notices one that does not stop, and one that fails like a bug', async () => {
    const deaf: Evaluate = async (request, context) => {
      if (request.exchange.output === 'wait') await new Promise((done) => setTimeout(done, 2_000).unref());
      return honest(request, context);
    };
    expect(await broken(deaf, { slow: said('wait') })).toEqual(['stops when its signal is aborted']);
    const clumsy: Evaluate = async (request, context) => {
      if (request.exchange.output === '') throw new TypeError('undefined is not a function');
      return honest(request, context);
    };
    const title = 'fails in a way that the caller can act on';
    expect(await broken(clumsy, { failure: { ...said(''), message: /function/ } })).toEqual([title]);
    expect(await broken(honest, { failure: { ...said(''), message: /./ } })).toEqual([]);
  });
});
