import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../kit/testing/index.js';
import { LateTurns } from './late-turns.js';

describe('turns that are written late', () => {
  it('are there, in their order, for whoever reads their conversation', async () => {
    const late = new LateTurns(silentLogger);
    const held: string[] = [];
    const add = (conversation: string, turn: string) =>
      void late.add('n', conversation, async () => {
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
    await late.add('n', 'a', () => Promise.reject(new Error('no room')));
    await late.add('n', 'a', async () => void held.push('two'));
    await late.written('n', 'a');
    expect(held).toEqual(['two']);
  });

  it('do not pile up: whoever adds one too many waits for it', async () => {
    const late = new LateTurns(silentLogger, 1);
    const memory = Promise.withResolvers<void>();
    const told: string[] = [];
    await late.add('n', 'a', () => memory.promise);
    const second = late.add('n', 'b', async () => void told.push('written')).then(() => told.push('told'));
    await second;
    expect(told).toEqual(['written', 'told']);
    memory.resolve();
    await late.allWritten();
  });
});
