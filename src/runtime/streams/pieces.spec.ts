import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/harness/eventually.js';
import { Pieces } from './pieces.js';

describe('pieces of a streamed answer', () => {
  it('go out at once when they are the first, and together after that', async () => {
    const sent: string[] = [];
    const pieces = new Pieces((text) => sent.push(text));
    for (const text of ['a', 'b', 'c']) pieces.add(text);
    expect(sent).toEqual(['a']);
    await eventually(() => expect(sent).toEqual(['a', 'bc']));
  });

  it('do not wait behind a silence', () => {
    const sent: string[] = [];
    const pieces = new Pieces((text) => sent.push(text));
    pieces.add('a');
    const silence = performance.now() + 25;
    while (performance.now() < silence);
    pieces.add('b');
    expect(sent).toEqual(['a', 'b']);
  });

  it('are few, however many words are said at once', () => {
    const sent: string[] = [];
    const pieces = new Pieces((text) => sent.push(text));
    const begin = performance.now();
    for (let i = 0; i < 100_000; i += 1) pieces.add('word ');
    pieces.flush();
    const periods = (performance.now() - begin) / 20;
    expect(sent.join('')).toBe('word '.repeat(100_000));
    expect(sent.length).toBeLessThan(500_000 / (16 << 10) + periods + 3);
  });

  it('do not wait when they have become many', () => {
    const sent: string[] = [];
    const pieces = new Pieces((text) => sent.push(text));
    pieces.add('first');
    for (let i = 0; i < 5_000; i += 1) pieces.add('0123456789');
    expect(sent.length).toBeGreaterThan(2);
    pieces.flush();
    expect(sent.join('')).toBe(`first${'0123456789'.repeat(5_000)}`);
  });
});
