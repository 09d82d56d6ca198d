import { describe, expect, it } from '@jest/globals';
import { type Engine, type EngineEvent, ExecutionEngine, text } from '../engine/engine.js';
import type { ExecutionContext, ExecutionRequest } from '../engine/execution.js';
import { type EngineTrial, engineSuite } from './engine-suite.js';

type Run = (request: ExecutionRequest, context: ExecutionContext) => AsyncIterable<EngineEvent>;

/** The titles of the cases that an engine fails. */
async function failed(run: Run, trial: Partial<EngineTrial> = {}): Promise<string[]> {
  class Candidate implements Engine {
    execute = run;
  }
  (Candidate.prototype as Engine).execute = run;
  ExecutionEngine({ name: 'candidate', description: '' })(Candidate);
  const { describe: before } = globalThis;
  // Cases are only wanted as a list here, not registered with the runner that runs this file.
  Reflect.deleteProperty(globalThis, 'describe');
  const cases = engineSuite(
    'candidate',
    () => ({ engine: new Candidate(), answer: (said) => said, ...trial }) as EngineTrial,
  );
  Reflect.set(globalThis, 'describe', before);
  const results = await Promise.all(
    cases.map(({ title, run }) =>
      run().then(
        () => undefined,
        () => title,
      ),
    ),
  );
  return results.filter((title) => title !== undefined);
}

const words = (value: string) => value.match(/\S+\s*/g) ?? [];

describe('the contract of engines', () => {
  it('is kept by an honest engine', async () => {
    const honest: Run = async function* ({ userInput }, { signal }) {
      for (const word of words(userInput.content)) {
        signal.throwIfAborted();
        yield text(word);
      }
    };
    expect(await failed(honest)).toEqual([]);
  });

  it('is broken by an engine that speaks once although it declares streaming', async () => {
    const sudden: Run = async function* ({ userInput }, { signal }) {
      signal.throwIfAborted();
      yield text(userInput.content);
    };
    expect(await failed(sudden)).toContain('says the pieces of its answer in order, none of them empty');
  });

  it('is broken by an engine that does not listen to its signal', async () => {
    const deaf: Run = async function* ({ userInput }) {
      for (const word of words(userInput.content)) yield text(word);
    };
    expect(await failed(deaf)).toEqual([
      'stops when its signal is aborted',
      'does no work for a signal that is aborted already',
    ]);
  });

  it('is broken by an engine that mixes its calls up', async () => {
    let last = '';
    const forgetful: Run = async function* ({ userInput }, { signal }) {
      last = userInput.content;
      await new Promise((resolve) => setImmediate(resolve));
      for (const word of words(last)) {
        signal.throwIfAborted();
        yield text(word);
      }
    };
    expect(await failed(forgetful)).toContain('keeps calls that run at the same time apart');
  });

  it('is broken by an engine that says its failures as answers', async () => {
    const polite: Run = async function* (_, { signal }) {
      signal.throwIfAborted();
      yield text('Execution error: no quota');
    };
    const failure = { message: /no quota/ };
    expect(await failed(polite, { failure })).toContain('fails with an error that says why');
  });
});
