import { describe, expect, it } from '@jest/globals';
import { readOptions } from 'nest-ark';
import { engineSuite, executionContext, executionRequest } from 'nest-ark/testing';
import { EchoEngine, EchoOptions } from './echo.engine.js';

const ask = (text: string, options: object = {}) =>
  executionRequest<EchoOptions>({ text, options: readOptions(EchoOptions, options, 'options') });

async function pieces(request: ReturnType<typeof ask>): Promise<string[]> {
  const said: string[] = [];
  for await (const event of new EchoEngine().execute(request, executionContext())) {
    if (event.type === 'text') said.push(event.text);
  }
  return said;
}

engineSuite('echo', () => ({
  engine: new EchoEngine(),
  answer: (text) => text,
  slow: ask('a b c d', { delayMs: 1_000 }) as never,
  badOptions: { delayMs: -1 },
}));

describe('the echo engine', () => {
  it('says the words one by one and keeps every blank', async () => {
    expect(await pieces(ask('  two\n words '))).toEqual(['  two\n ', 'words ']);
  });

  it('puts the prefix before the echo', async () => {
    expect((await pieces(ask('hey', { prefix: '2: ' }))).join('')).toBe('2: hey');
  });

  it('says nothing to an empty text', async () => {
    expect(await pieces(ask(''))).toEqual([]);
  });

  it('waits between words, not before the first', async () => {
    const started = performance.now();
    await pieces(ask('a b c', { delayMs: 30 }));
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });
});
