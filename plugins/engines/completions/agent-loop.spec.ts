import { describe, expect, it } from '@jest/globals';
import type { CompletionRequest, EngineEvent, Message, ModelEvent, ToolBox, ToolCall, ToolResult } from 'nest-ark';
import { executionContext, executionRequest, modelClient } from 'nest-ark/testing';
import { CompletionsEngine } from './completions.engine.js';
import { CompletionsOptions } from './completions-options.js';

type Turn = ModelEvent[];

const say = (text: string): ModelEvent => ({ type: 'text', text });
const call = (name: string, args: object = {}, id = `id-${name}`): ModelEvent => ({
  type: 'tool-call',
  call: { id, name, arguments: JSON.stringify(args) },
});
const cost: ModelEvent = { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 } };

/** A model that says its turns one after the other; the last one again and again. */
function model(turns: Turn[], asked: CompletionRequest[] = []) {
  return modelClient(async function* (request) {
    const turn = turns[Math.min(asked.length, turns.length - 1)] ?? [];
    asked.push({ ...request, messages: [...request.messages] });
    yield* turn;
  });
}

const box = (answer: (call: ToolCall) => Promise<ToolResult>): ToolBox => ({
  list: () => [{ name: 'look', description: 'Looks', inputSchema: { type: 'object' } }],
  call: answer,
});
const seen = box(async ({ name }) => ({ text: `${name} saw it` }));

interface Case {
  turns: Turn[];
  tools?: ToolBox;
  outputSchema?: Record<string, unknown>;
  maxTurns?: number;
}

async function run({ turns, tools = seen, outputSchema, maxTurns = 20 }: Case) {
  const asked: CompletionRequest[] = [];
  const options = Object.assign(new CompletionsOptions(), { maxTurns });
  const request = executionRequest({ options, agent: { outputSchema } });
  const context = executionContext({ tools, model: async () => model(turns, asked) });
  const events: EngineEvent[] = [];
  for await (const event of new CompletionsEngine().execute(request, context)) events.push(event);
  return { events, asked, kinds: events.map((event) => (event.type === 'text' ? event.text : event.type)) };
}

const lastMessages = (asked: CompletionRequest[]): Message[] => asked.at(-1)?.messages ?? [];

describe('an agent with tools', () => {
  it('hears what its tools say, and says everything in order', async () => {
    const { kinds, asked } = await run({
      turns: [
        [say('Hm.'), call('look'), cost],
        [say('A bird.'), cost],
      ],
    });
    expect(kinds).toEqual(['Hm.', 'usage', 'tool-call', 'tool-result', 'A bird.', 'usage']);
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(['look']);
    expect(lastMessages(asked).slice(-2)).toEqual([
      { role: 'assistant', content: 'Hm.', toolCalls: [{ id: 'id-look', name: 'look', arguments: '{}' }] },
      { role: 'tool', content: 'look saw it', toolCallId: 'id-look' },
    ]);
  });

  it('calls all tools of a turn at once and keeps their order', async () => {
    const first = Promise.withResolvers<void>();
    const tools = box(async ({ id }) => {
      // The first call ends only after the second has begun.
      if (id === 'a') await first.promise;
      else first.resolve();
      return { text: `result ${id}` };
    });
    const { asked } = await run({ turns: [[call('look', {}, 'a'), call('look', {}, 'b')], [say('done')]], tools });
    expect(
      lastMessages(asked)
        .slice(-2)
        .map(({ content }) => content),
    ).toEqual(['result a', 'result b']);
  });

  it('passes on what a tool shows', async () => {
    const images = [{ mimeType: 'image/png', data: 'AAAA' }];
    const { asked } = await run({
      turns: [[call('look')], [say('ok')]],
      tools: box(async () => ({ text: '', images })),
    });
    expect(lastMessages(asked).at(-1)).toMatchObject({ role: 'tool', images });
  });

  it('answers with the response of a tool that ends the work', async () => {
    const tools = box(async () => ({ text: 'The end.', terminate: true }));
    const { kinds, asked } = await run({ turns: [[say('Bye'), call('terminate')]], tools });
    expect(kinds).toEqual(['Bye', 'tool-call', 'tool-result', 'The end.']);
    expect(asked).toHaveLength(1);
  });

  it('is ended with a sentence when it never comes to an answer', async () => {
    await expect(run({ turns: [[call('look')]], maxTurns: 3 })).rejects.toThrow(
      "agent 'default/tester' has not come to an answer within 3 turns",
    );
  });

  it('ends with its run', async () => {
    const tools = box(() => Promise.reject(new Error('budget spent')));
    await expect(run({ turns: [[call('look')]], tools })).rejects.toThrow('budget spent');
  });
});

describe('an agent with an output schema', () => {
  const outputSchema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

  it('answers JSON that fits, without the fence around it', async () => {
    const { kinds } = await run({ turns: [[say('```json\n{"n"'), say(': 1}\n```')]], outputSchema });
    expect(kinds).toEqual(['{"n": 1}']);
  });

  it('may correct itself once, and nobody hears the first try', async () => {
    const { kinds, asked } = await run({ turns: [[say('{"n": "x"}')], [say('{"n": 2}')]], outputSchema });
    expect(kinds).toEqual(['{"n": 2}']);
    expect(lastMessages(asked).at(-1)?.content).toMatch(/does not fit the schema: 'n' must be integer/);
  });

  it('fails when it cannot', async () => {
    await expect(run({ turns: [[say('no JSON')]], outputSchema })).rejects.toThrow(
      /answer of agent 'default\/tester' does not fit spec\.outputSchema: it is not JSON/,
    );
  });
});

describe('a tool that is asked directly', () => {
  const ask = async (said: string, answer: ToolResult) => {
    const calls: ToolCall[] = [];
    const tools = box(async (one) => {
      calls.push(one);
      return answer;
    });
    const request = executionRequest({
      ...{ text: said, target: { type: 'tool' as const, name: 'look' }, options: new CompletionsOptions() },
    });
    const events: EngineEvent[] = [];
    for await (const event of new CompletionsEngine().execute(request, executionContext({ tools }))) events.push(event);
    return { events, given: calls[0]?.arguments };
  };

  it('gets the arguments that the text is, or the text as input', async () => {
    expect((await ask('{"a": 1}', { text: 'x' })).given).toBe('{"a": 1}');
    for (const said of ['plain', '[1]', '3']) {
      expect(JSON.parse((await ask(said, { text: 'x' })).given ?? '')).toEqual({ input: said });
    }
  });

  it('gives the answer, or the reason why not', async () => {
    expect((await ask('{}', { text: 'sunny' })).events).toEqual([{ type: 'text', text: 'sunny' }]);
    await expect(ask('{}', { text: 'no wind', isError: true })).rejects.toMatchObject({
      family: 'Invalid',
      message: 'no wind',
    });
  });
});
