import { describe, expect, it } from '@jest/globals';
import { unavailable } from '../errors/ark-error.js';
import {
  type CompletionRequest,
  type ModelConfig,
  type ModelEvent,
  type ModelProvider,
  ProvidesModels,
} from '../model/model-provider.js';
import { type ModelProviderTrial, modelProviderSuite } from './model-provider-suite.js';

type Complete = (request: CompletionRequest, signal: AbortSignal, config: ModelConfig) => AsyncIterable<ModelEvent>;

const CONFIG: ModelConfig = { name: 'm', namespace: 'n', model: 'x', settings: {}, properties: {}, headers: {} };
const words = ({ messages }: CompletionRequest) => messages.at(-1)?.content.match(/\S+\s*/g) ?? [];

const honest: Complete = async function* (request, signal) {
  for (const word of words(request)) {
    signal.throwIfAborted();
    yield { type: 'text', text: word };
  }
};

/** The titles of the cases that a provider fails. */
async function failed(complete: Complete, trial: Partial<ModelProviderTrial> = {}): Promise<string[]> {
  class Candidate implements ModelProvider {
    open(config: ModelConfig) {
      if (config.settings.wrong) throw Object.assign(new Error("model 'n/m': wrong"), { family: 'Invalid' });
      return {
        config,
        complete: (request: CompletionRequest, signal: AbortSignal) => complete(request, signal, config),
      };
    }
  }
  ProvidesModels({ name: 'candidate', description: '' })(Candidate);
  const { describe: before } = globalThis;
  // Cases are only wanted as a list here, not registered with the runner that runs this file.
  Reflect.deleteProperty(globalThis, 'describe');
  const cases = modelProviderSuite('candidate', () => ({
    provider: new Candidate(),
    config: CONFIG,
    answer: (text) => text,
    badSettings: { wrong: true },
    ...trial,
  }));
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

describe('the contract of model providers', () => {
  it('is kept by an honest provider', async () => {
    expect(await failed(honest)).toEqual([]);
  });

  it('is broken by a provider that collects the answer first', async () => {
    const sudden: Complete = async function* (request, signal) {
      signal.throwIfAborted();
      yield { type: 'text', text: words(request).join('') };
    };
    expect(await failed(sudden)).toEqual(['answers a text in pieces, none of them empty']);
  });

  it('is broken by a provider that does not listen to its signal', async () => {
    const deaf: Complete = async function* (request) {
      for (const word of words(request)) yield { type: 'text', text: word };
    };
    expect(await failed(deaf)).toEqual([
      'stops when its signal is aborted',
      'does no work for a signal that is aborted already',
    ]);
  });

  it('is broken by a provider that changes what it was asked', async () => {
    const careless: Complete = async function* (request, signal) {
      yield* honest(request, signal, CONFIG);
      request.messages.shift();
    };
    expect(await failed(careless)).toContain(
      'keeps calls that run at the same time apart, and their requests as they were',
    );
  });

  it('is broken by a provider that forgets the tool, or counts what nobody spent', async () => {
    const tool = { offered: { name: 't', description: '', inputSchema: {} }, call: { name: 't', arguments: '{}' } };
    expect(await failed(honest, { tool })).toEqual(['says which tool the model wants called']);
    const usage = { promptTokens: 1, completionTokens: 1, totalTokens: 2 };
    expect(await failed(honest, { usage })).toEqual(['reports the tokens that were counted, once, after the text']);
  });

  it('is broken by a provider that shows keys, or does not say which model failed', async () => {
    const failures = [{ config: { ...CONFIG, model: 'bad' }, family: 'Unavailable' as const }];
    const failing = (message: string): Complete =>
      async function* (request, signal, { model }) {
        if (model === 'bad') throw unavailable(message);
        yield* honest(request, signal, CONFIG);
      };
    const title = ['tells failures by family, in words without keys'];
    expect(await failed(failing('it is down'), { failures })).toEqual(title);
    expect(await failed(failing("model 'n/m' refused key k-123"), { failures, secrets: ['k-123'] })).toEqual(title);
    expect(await failed(failing("model 'n/m' refused the key"), { failures, secrets: ['k-123'] })).toEqual([]);
  });
});
