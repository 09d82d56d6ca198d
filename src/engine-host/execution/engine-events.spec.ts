import { describe, expect, it } from '@jest/globals';
import { rememberingLogger } from '../../../test/harness/engine-process.js';
import { type EngineEvent, message, text, toolCall, toolResult, unavailable, usage } from '../../kit/index.js';
import { BugReports } from '../../machinery/observability/bug-reports.js';
import { hearEngine } from './engine-events.js';

const CALL = { id: 'c', name: 'look', arguments: '{}' };

function house(execute: () => unknown) {
  const logger = rememberingLogger();
  const bugs = new BugReports(logger);
  const listen = async () => {
    const heard: EngineEvent[] = [];
    const { signal } = new AbortController();
    const facts = { query: 'default/q' };
    const source = { engine: 'x', execute: execute as never, signal, bugs, facts };
    await hearEngine(source, (event) => heard.push(event));
    return heard;
  };
  return { listen, logger, bugs };
}
const yielding = (...events: unknown[]) =>
  house(async function* () {
    yield* events;
  });

describe('what an engine yields', () => {
  it('is passed on when the kit knows it', async () => {
    const events = [
      text('a'),
      message({ role: 'assistant', content: '', toolCalls: [CALL] }),
      toolCall(CALL),
      toolResult(CALL, { text: '42' }),
      usage({ promptTokens: 1, completionTokens: 0, totalTokens: 1 }),
      { type: 'conversation', conversationId: 'own' },
    ];
    expect(await yielding(...events).listen()).toEqual(events);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'yielded undefined instead of an event'],
    ['null', null, 'yielded null instead of an event'],
    ['a bare text', 'hello', 'yielded string instead of an event'],
    ['an object of its own', { content: 'secret' }, 'an object without a type'],
    ['an unknown type', { type: 'txt', text: 'secret' }, "the unknown type 'txt': it takes text, message"],
    ['a name every object has', { type: 'constructor' }, "the unknown type 'constructor'"],
    ['no text', { type: 'text', text: 42 }, "an event 'text' whose field 'text' is not a string"],
    ['half a call', { type: 'tool-call', call: { id: 'c' } }, "an event 'tool-call' whose field 'call'"],
    ['no result', { type: 'tool-result', call: CALL }, "an event 'tool-result' whose field 'result'"],
    ['no counts', { type: 'usage', usage: { totalTokens: Number.NaN } }, "an event 'usage' whose field 'usage'"],
    ['a nameless message', { type: 'message', message: { content: 'x' } }, "an event 'message' whose field 'message'"],
  ])('is an error that names engine and fault, and no value, when it is %s', async (_, event, fault) => {
    const { listen } = yielding(event);
    await expect(listen()).rejects.toMatchObject({ family: 'Invalid', message: expect.stringContaining(fault) });
    await expect(listen()).rejects.toThrow(/^engine 'x' (?!.*secret)/);
  });

  it('is an error when it is no stream of events at all', async () => {
    await expect(house(() => undefined).listen()).rejects.toThrow(
      "engine 'x' gave no events: execute() must be an async generator, and returned undefined",
    );
  });
});

describe('an engine that throws', () => {
  it('is heard when it says something that was meant to be heard', async () => {
    const { listen, bugs } = house(() => {
      throw unavailable('the quota is used up');
    });
    await expect(listen()).rejects.toThrow('the quota is used up');
    expect(bugs.count).toBe(0);
  });

  it('is named, and its own words and stack go to the log only', async () => {
    const { listen, logger } = house(async function* () {
      yield text('so far ');
      throw new TypeError('secret internals');
    });
    await expect(listen()).rejects.toThrow(
      "engine 'x' failed with an internal error: the log of the process that runs it says why",
    );
    expect(logger.errors[0]).toMatchObject({
      engine: 'x',
      query: 'default/q',
      err: { message: 'secret internals', stack: expect.stringContaining('engine-events.spec') },
    });
  });
});
