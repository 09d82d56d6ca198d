import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import { describe, expect, it } from '@jest/globals';
import { withoutKeys } from './http/without-keys.js';
import { StreamEvents } from './stream-events.js';

const NOTHING: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
const text = (delta: string): LanguageModelV4StreamPart => ({ type: 'text-delta', id: '0', delta });
const finish = (unified: 'stop' | 'error' | 'other' | 'content-filter', raw?: string, usage = NOTHING) =>
  ({ type: 'finish', finishReason: { unified, raw }, usage }) as const;

function events(...parts: LanguageModelV4StreamPart[]) {
  const stream = new StreamEvents("model 'n/m'", withoutKeys({ apiKey: 'hunter22' }));
  return parts.flatMap((part) => stream.of(part));
}

const call = (toolCallId: string): LanguageModelV4StreamPart => ({
  type: 'tool-call',
  toolCallId,
  toolName: 'look',
  input: '',
});

describe('the parts of a stream', () => {
  it('hold calls whose results can be told apart, whatever ids the server gave', () => {
    const calls = events(call('c'), call('c'), call(''), call(''), call('c-2'));
    expect(calls.map((event) => event.type === 'tool-call' && event.call.id)).toEqual([
      'c',
      'c-2',
      'call',
      'call-2',
      'c-2-2',
    ]);
  });

  it('become words and counts, without empty pieces and what was thought aloud', () => {
    const counted: LanguageModelV4Usage = {
      inputTokens: { total: 10, noCache: 7, cacheRead: 3, cacheWrite: undefined },
      outputTokens: { total: 5, text: 5, reasoning: undefined },
    };
    const thought: LanguageModelV4StreamPart = { type: 'reasoning-delta', id: '1', delta: 'Hm.' };
    expect(events(thought, text(''), text('Hi'), finish('stop', 'stop', counted))).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'usage', usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15, cachedTokens: 3 } },
    ]);
  });

  it('count nothing when the provider does not', () => {
    expect(events(text('Hi'), finish('stop', 'stop'))).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  it.each([
    ['an object', { type: 'overloaded_error', message: 'Overloaded for hunter22' }],
    ['a nested object', { error: { message: 'Overloaded for hunter22' } }],
    ['an error', new Error('Overloaded for hunter22')],
    ['a wrapped error', new Error('It failed', { cause: new Error('Overloaded for hunter22') })],
    ['a text', 'Overloaded for hunter22'],
  ])('tell of a failure that comes as %s, without keys', (_kind, error) => {
    expect(() => events(text('Hi'), { type: 'error', error })).toThrow("model 'n/m' broke off: Overloaded for …");
  });

  it('are no whole answer when nobody says that it is finished', () => {
    for (const end of [finish('other'), finish('error')]) {
      expect(() => events(text('Hi'), end)).toThrow("model 'n/m' broke off before its answer was complete");
    }
  });

  it('say that a content filter left nothing, and keep what it left', () => {
    expect(() => events(finish('content-filter', 'refusal'))).toThrow(/content filter stopped it \(refusal\)/);
    expect(events(text('No.'), finish('content-filter', 'refusal'))).toEqual([{ type: 'text', text: 'No.' }]);
  });
});
