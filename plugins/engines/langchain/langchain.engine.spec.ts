import { describe, expect, it } from '@jest/globals';
import { HumanMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import type { CompletionRequest, EngineEvent, ModelEvent, ToolCall, ToolResult } from 'nest-ark';
import { engineSuite, executionContext, executionRequest, modelClient } from 'nest-ark/testing';
import { LangchainEngine } from './langchain.engine.js';
import { LangchainOptions } from './langchain-options.js';
import { LentChatModel } from './lent-chat-model.js';

const USAGE = { promptTokens: 3, completionTokens: 2, totalTokens: 5, cachedTokens: 1 };
const LOOK = {
  name: 'look',
  description: 'Looks',
  inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
};

/** Says the turns of a script one after the other, and keeps what it was asked. */
function scripted(turns: ModelEvent[][], asked: CompletionRequest[] = []) {
  return modelClient(async function* (request) {
    asked.push(request);
    yield* turns[asked.length - 1] ?? [];
  });
}

const shouting = modelClient(async function* ({ messages }, signal) {
  for (const word of (messages.at(-1)?.content ?? '').match(/\S+\s*/g) ?? []) {
    signal.throwIfAborted();
    yield { type: 'text', text: word.toUpperCase() };
  }
});
const say = (text: string): ModelEvent => ({ type: 'text', text });
const call = (id: string, args: string): ModelEvent => ({
  type: 'tool-call',
  call: { id, name: 'look', arguments: args },
});
const ask = (parts: Parameters<typeof executionRequest<LangchainOptions>>[0] = {}) =>
  executionRequest<LangchainOptions>({ options: new LangchainOptions(), ...parts });

async function run(
  turns: ModelEvent[][],
  {
    request = ask(),
    asked = [] as CompletionRequest[],
    tool = async (_call: ToolCall): Promise<ToolResult> => ({ text: '' }),
  } = {},
): Promise<EngineEvent[]> {
  const tools = { list: () => [LOOK], call: tool };
  const context = executionContext({ model: async () => scripted(turns, asked), tools });
  const events: EngineEvent[] = [];
  for await (const event of new LangchainEngine().execute(request, context)) events.push(event);
  return events;
}

const words = (events: EngineEvent[]) =>
  events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');

engineSuite('langchain', () => ({
  engine: new LangchainEngine(),
  answer: (text) => text.toUpperCase(),
  context: () => ({ model: async () => shouting }),
  badOptions: { maxTurns: 0 },
  failure: { context: { model: () => Promise.reject(new Error('no such model')) }, message: /no such model/ },
}));

describe('the langchain engine', () => {
  it('tells the model the prompt, the conversation with its tool calls, the question and the tools', async () => {
    const asked: CompletionRequest[] = [];
    const history = [
      { role: 'user' as const, content: 'Hi', name: 'Ann' },
      { role: 'assistant' as const, content: '', toolCalls: [{ id: 'c', name: 'look', arguments: '{"at": "sky"}' }] },
      { role: 'tool' as const, content: 'blue', toolCallId: 'c', images: [{ mimeType: 'image/png', data: 'aGk=' }] },
      { role: 'assistant' as const, content: 'It is blue.' },
    ];
    await run([[say('Ok')]], { asked, request: ask({ agent: { prompt: 'Be kind.' }, history, text: 'And now?' }) });
    const [system, ...rest] = asked[0]!.messages;
    expect(system).toEqual({ role: 'system', content: 'Be kind.' });
    expect(rest).toEqual([...history, { role: 'user', content: 'And now?' }]);
    expect(asked[0]?.tools).toEqual([LOOK]);
  });

  it('calls tools through the gate, side by side, with the arguments as the model wrote them', async () => {
    const asked: CompletionRequest[] = [];
    const called: ToolCall[] = [];
    const tool = async (each: ToolCall) => {
      called.push(each);
      return { text: `seen ${each.id}` };
    };
    const first = [say('Let me see. '), call('a', '{ "at":"sky" }'), call('b', 'not json')];
    const events = await run([first, [say('Blue.')]], { asked, tool });
    expect(called.map((each) => each.arguments)).toEqual(['{ "at":"sky" }', 'not json']);
    expect(asked[1]?.messages.slice(-3)).toEqual([
      { role: 'assistant', content: 'Let me see. ', toolCalls: called },
      { role: 'tool', content: 'seen a', toolCallId: 'a' },
      { role: 'tool', content: 'seen b', toolCallId: 'b' },
    ]);
    expect(events.map(({ type }) => type)).toEqual([
      ...['text', 'tool-call', 'tool-call', 'tool-result', 'tool-result', 'text'],
    ]);
    expect(words(events)).toBe('Let me see. Blue.');
  });

  it('ends with the words of a tool that ends the work', async () => {
    const events = await run([[call('a', '{}')]], { tool: async () => ({ text: 'Enough.', terminate: true }) });
    expect(words(events)).toBe('Enough.');
  });

  it('gives up on a model that calls tools without end', async () => {
    const request = ask({ options: { maxTurns: 2 } });
    await expect(run(Array(3).fill([call('a', '{}')]), { request })).rejects.toThrow(
      "agent 'default/tester' has not come to an answer within 2 turns",
    );
  });

  it('reports the tokens of every turn', async () => {
    const used: ModelEvent = { type: 'usage', usage: USAGE };
    const events = await run([
      [call('a', '{}'), used],
      [say('Done'), used],
    ]);
    expect(events.filter(({ type }) => type === 'usage')).toEqual([used, used]);
  });

  it('asks once more for an answer that does not fit the schema, and gives the JSON alone', async () => {
    const asked: CompletionRequest[] = [];
    const outputSchema = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
    const request = ask({ agent: { outputSchema } });
    const events = await run([[say('four')], [say('```json\n{"sum": 4}\n```')]], { asked, request });
    expect(words(events)).toBe('{"sum": 4}');
    expect(asked[0]?.outputSchema?.schema).toEqual(outputSchema);
    expect(asked[1]?.messages.at(-1)?.content).toMatch(/does not fit the schema: it is not JSON/);
    await expect(run([[say('{}')], [say('{"sum":"x"}')]], { request })).rejects.toThrow(/spec.outputSchema: .*sum/);
    await expect(run([[say('4')], [say('```json\n{"sum": 4')]], { request })).rejects.toThrow(/it is not JSON/);
  });

  it('passes the error of a model on as it is', async () => {
    const context = executionContext({
      model: async () =>
        // biome-ignore lint/correctness/useYield: it fails before its first word
        modelClient(async function* () {
          throw new Error('the model is closed');
        }),
    });
    const events = new LangchainEngine().execute(ask(), context)[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toThrow('the model is closed');
  });
});

describe('a lent model', () => {
  const chatModel = (turns: ModelEvent[][], asked: CompletionRequest[] = []) =>
    new LentChatModel(scripted(turns, asked), new AbortController().signal);

  it('is the start of a chain like any model of LangChain', async () => {
    const chain = chatModel([[say('a '), say('b')]]).pipe(new StringOutputParser());
    expect(await chain.invoke([new HumanMessage('Hi')])).toBe('a b');
  });

  it('gives structured output by the call of a tool', async () => {
    const asked: CompletionRequest[] = [];
    const extract: ModelEvent = { type: 'tool-call', call: { id: '1', name: 'extract', arguments: '{"sum":4}' } };
    const schema = { title: 'extract', type: 'object', properties: { sum: { type: 'number' } } };
    const model = chatModel([[extract]], asked).withStructuredOutput(schema);
    expect(await model.invoke('2 + 2')).toEqual({ sum: 4 });
    expect(asked[0]?.tools).toMatchObject([{ name: 'extract', inputSchema: schema }]);
  });

  it.each([
    ['any', 'required'],
    ['look', 'required'],
    ['none', 'none'],
    ['auto', 'auto'],
  ] as const)('that is told tool_choice %s may choose as %s says', async (choice, means) => {
    const asked: CompletionRequest[] = [];
    const tool = { type: 'function', function: { name: 'look', parameters: LOOK.inputSchema } };
    await chatModel([[say('x')]], asked)
      .bindTools([tool], { tool_choice: choice })
      .invoke('Hi');
    expect(asked[0]?.toolChoice).toBe(means);
  });
});
