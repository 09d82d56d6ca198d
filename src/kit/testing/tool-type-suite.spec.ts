import { describe, expect, it } from '@jest/globals';
import { invalid } from '../errors/ark-error.js';
import { ProvidesTools, type ToolType } from '../tool/tool-type.js';
import { type ToolTypeTrial, toolTypeSuite } from './tool-type-suite.js';

type Call = ToolType['call'];

/** Titles of the cases that a tool type with this `call` breaks. */
async function broken(call: Call, more: Partial<ToolTypeTrial> = {}, marked = true): Promise<string[]> {
  class Type implements ToolType {
    call = call;
  }
  Object.assign(Type.prototype, { call });
  if (marked) ProvidesTools({ name: 'type', description: '' })(Type);
  // As in a runner without global describe and it: the cases are only handed back.
  const runner = globalThis as { describe?: unknown };
  const registers = runner.describe;
  runner.describe = undefined;
  const cases = toolTypeSuite('type', () => ({ type: new Type(), call: { args: { n: 1 }, answer: '1' }, ...more }));
  runner.describe = registers;
  const failed: string[] = [];
  for (const { title, run } of cases) await run().catch(() => failed.push(title));
  return failed;
}

const honest: Call = async (_, { n }) => ({ text: String(n) });

describe('the suite for tool types', () => {
  it('lets an honest one pass', async () => {
    const refuses: Call = async (tool, args, context) => {
      if (args.n === 0) throw invalid('n must not be 0');
      return honest(tool, args, context);
    };
    expect(await broken(refuses, { failure: { args: { n: 0 }, message: /must not be 0/ } })).toEqual([]);
  });

  it('notices a class without mark', async () => {
    expect(await broken(honest, {}, false)).toEqual(['carries the mark of a tool type']);
  });

  it('notices a tool that changes its arguments', async () => {
    const greedy: Call = async (_, args) => {
      args.n = 2;
      return { text: '1' };
    };
    expect(await broken(greedy)).toContain('answers a call, and changes neither its arguments nor its settings');
  });

  it('notices calls that share their state', async () => {
    let running = 0;
    const sharing: Call = async () => {
      running += 1;
      await new Promise((done) => setTimeout(done, 5));
      const text = String(running);
      running -= 1;
      return { text };
    };
    expect(await broken(sharing)).toEqual(['keeps calls that run at the same time apart']);
  });

  it('notices a tool that does not listen to its signal', async () => {
    const deaf: Call = (_, { n }) =>
      new Promise((done) => setTimeout(() => done({ text: '1' }), n ? 0 : 1_500).unref());
    expect(await broken(deaf, { slow: {} })).toEqual(['stops when its signal is aborted']);
  });

  it('notices failures that look like bugs or like answers', async () => {
    const failure = { args: { n: 0 }, message: /no/ };
    const title = ['fails in a way that the caller can act on'];
    const bug: Call = async (tool, args, context) => {
      if (args.n === 0) throw new TypeError('no');
      return honest(tool, args, context);
    };
    expect(await broken(bug, { failure })).toEqual(title);
    expect(await broken(honest, { failure })).toEqual(title);
  });
});
