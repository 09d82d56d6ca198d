import { describe, expect, it } from '@jest/globals';
import type { Message, ModelEvent } from 'nest-ark';
import { ScriptedModelProvider } from './scripted.model-provider.js';

const open = (settings: Record<string, unknown>) =>
  new ScriptedModelProvider().open({
    name: 'default',
    namespace: 'team',
    model: 'script',
    settings,
    properties: {},
    headers: {},
  });

async function ask(settings: Record<string, unknown>, said: string, signal = new AbortController().signal) {
  const events: ModelEvent[] = [];
  const messages = [
    { role: 'system' as const, content: 'One two' },
    { role: 'user' as const, content: said },
  ];
  for await (const event of open(settings).complete({ messages }, signal)) events.push(event);
  return {
    pieces: events.flatMap((event) => (event.type === 'text' ? [event.text] : [])),
    usage: events.find((event) => event.type === 'usage')?.usage,
  };
}

describe('a scripted model', () => {
  it('answers with the first line that matches, in pieces', async () => {
    const script = [
      { match: 'weather', answer: 'It is raining.' },
      { match: '/^WHO/i', answer: 'Me' },
      { answer: 'Pardon?' },
    ];
    expect((await ask({ script }, 'How is the weather?')).pieces).toEqual(['It ', 'is ', 'raining.']);
    expect((await ask({ script }, 'who are you')).pieces).toEqual(['Me']);
    expect((await ask({ script }, 'xyz')).pieces).toEqual(['Pardon?']);
  });

  it('calls the tools of a line once, and answers with what they said', async () => {
    const script = [
      { match: 'weather', toolCalls: [{ name: 'look', arguments: { at: 'sky' } }, { name: 'listen' }] },
      { afterTool: '/^rain/', answer: 'Take a coat: {result}' },
      { answer: 'Never mind.' },
    ];
    const model = open({ script });
    const user = { role: 'user' as const, content: 'the weather?' };
    const events = async (messages: Message[]) => {
      const all: ModelEvent[] = [];
      for await (const event of model.complete({ messages }, new AbortController().signal)) all.push(event);
      return all.map((event) => (event.type === 'text' ? event.text : event.type === 'tool-call' ? event.call : ''));
    };
    expect(await events([user])).toEqual([
      { id: 'call-1-0', name: 'look', arguments: '{"at":"sky"}' },
      { id: 'call-1-1', name: 'listen', arguments: '{}' },
      '',
    ]);
    const result = (content: string) => [user, { role: 'tool' as const, content, toolCallId: 'call-1-0' }];
    expect((await events(result('rain $&'))).join('')).toBe('Take a coat: rain $&');
    expect((await events(result('sun'))).join('')).toBe('Never mind.');
  });

  it('gives a match up that would take for ever, and says which', async () => {
    const script = [{ match: '/^(a+)+$/', answer: 'A' }];
    const began = Date.now();
    await expect(ask({ script }, `${'a'.repeat(60)}!`)).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringContaining('script[0].match takes longer than 100 ms'),
    });
    expect(Date.now() - began).toBeLessThan(5_000);
    expect((await ask({ script: [{ match: '/"\\n`\\u2028/', answer: 'Q' }] }, '"\n`\u2028')).pieces).toEqual(['Q']);
  });

  it('says the default when no line matches', async () => {
    expect((await ask({ script: [{ match: 'a', answer: 'A' }], default: 'else' }, 'zzz')).pieces).toEqual(['else']);
  });

  it('fails when asked what its script does not hold, quoting the question', async () => {
    await expect(ask({ script: [] }, 'the unknown')).rejects.toMatchObject({
      family: 'Invalid',
      message: expect.stringMatching(/model 'team\/default' holds no answer to "the unknown"/),
    });
  });

  it('counts a token per word, or what the line claims', async () => {
    const line = { match: 'x', answer: 'a b', usage: { promptTokens: 10, completionTokens: 4 } };
    const script = [line, { answer: 'three words here' }];
    expect((await ask({ script }, 'x')).usage).toEqual({ promptTokens: 10, completionTokens: 4, totalTokens: 14 });
    expect((await ask({ script }, 'y z')).usage).toEqual({ promptTokens: 4, completionTokens: 3, totalTokens: 7 });
  });

  it('stops when the signal is aborted while it thinks', async () => {
    const abort = new AbortController();
    const answer = ask({ script: [{ answer: 'late', delayMs: 60_000 }] }, 'hurry', abort.signal);
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/i);
  });

  it('refuses settings it does not understand, naming the model', () => {
    expect(() => open({ script: [{ match: '/(/', answer: 'x' }] })).toThrow(/script\[0\]\.match is not a regular/);
    expect(() => open({ script: [{ reply: 'x' }] })).toThrow(/model 'team\/default'.*reply/);
  });
});
