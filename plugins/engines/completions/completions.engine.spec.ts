import { describe, expect, it } from '@jest/globals';
import type { CompletionRequest, EngineEvent } from 'nest-ark';
import { engineSuite, executionContext, executionRequest, modelClient } from 'nest-ark/testing';
import { CompletionsEngine } from './completions.engine.js';
import { CompletionsOptions } from './completions-options.js';

const USAGE = { promptTokens: 3, completionTokens: 2, totalTokens: 5 };

/** Answers with the user's words in capitals and keeps what it was asked. */
function shoutingModel(asked: CompletionRequest[] = []) {
  return modelClient(async function* (request, signal) {
    asked.push(request);
    for (const word of (request.messages.at(-1)?.content ?? '').match(/\S+\s*/g) ?? []) {
      signal.throwIfAborted();
      yield { type: 'text', text: word.toUpperCase() };
    }
    yield { type: 'usage', usage: USAGE };
  });
}

const lend = (model = shoutingModel()) => executionContext({ model: async () => model });

const ask = (parts: Parameters<typeof executionRequest<CompletionsOptions>>[0] = {}) =>
  executionRequest<CompletionsOptions>({ options: new CompletionsOptions(), ...parts });

async function run(request = ask(), context = lend()): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of new CompletionsEngine().execute(request, context)) events.push(event);
  return events;
}

engineSuite('completions', () => ({
  engine: new CompletionsEngine(),
  answer: (text) => text.toUpperCase(),
  context: () => lend(),
  failure: { context: { model: () => Promise.reject(new Error('no such model')) }, message: /no such model/ },
}));

describe('the completions engine', () => {
  it('sends the system prompt, the history and the question to the model', async () => {
    const asked: CompletionRequest[] = [];
    const history = [
      { role: 'user' as const, content: 'Hi' },
      { role: 'assistant' as const, content: 'Hello' },
    ];
    await run(ask({ agent: { prompt: 'Be kind.' }, history, text: 'And now?' }), lend(shoutingModel(asked)));
    expect(asked[0]?.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      ...history,
      { role: 'user', content: 'And now?' },
    ]);
  });

  it('sends no system message for an agent without prompt', async () => {
    const asked: CompletionRequest[] = [];
    await run(ask({ text: 'Bare' }), lend(shoutingModel(asked)));
    expect(asked[0]?.messages).toEqual([{ role: 'user', content: 'Bare' }]);
  });

  it('passes the output schema on, under a name of at most 64 characters', async () => {
    const asked: CompletionRequest[] = [];
    const agent = { name: 'n'.repeat(63), outputSchema: { type: 'object' } };
    await run(ask({ agent, text: '{}' }), lend(shoutingModel(asked)));
    expect(asked[0]?.outputSchema?.schema).toEqual({ type: 'object' });
    expect(asked[0]?.outputSchema?.name).toHaveLength(64);
  });

  it('reports the tokens the model counted', async () => {
    expect(await run()).toContainEqual({ type: 'usage', usage: USAGE });
  });
});
