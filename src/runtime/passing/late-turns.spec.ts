import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../kit/testing/index.js';
import { LateTurns } from './late-turns.js';

describe('turns that are written late', () => {
  it('are there, in their order, for whoever reads their conversation', async () => {
    const late = new LateTurns(silentLogger);
    const held: string[] = [];
    const add = (conversation: string, turn: string) =>
      late.add('n', conversation, async () => {
        await new Promise(setImmediate);
        held.push(turn);
      });
    add('a', 'one');
    add('b', 'other');
    await late.written('n', 'a');
    add('a', 'two');
    add('a', 'three');
    await late.written('n', 'a');
    expect(held).toEqual(['one', 'two', 'three']);
    await late.allWritten();
    expect(held).toEqual(['one', 'two', 'three', 'other']);
  });

  it('that fail keep no other from being written, nor a reader from reading', async () => {
    const late = new LateTurns(silentLogger);
    const held: string[] = [];
    late.add('n', 'a', () => Promise.reject(new Error('no room')));
    late.add('n', 'a', async () => void held.push('two'));
    await late.written('n', 'a');
    expect(held).toEqual(['two']);
  });
});
