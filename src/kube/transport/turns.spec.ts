import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

const LONG = 60_000;

describe('Turns', () => {
  it('are taken at once while there are any, then in the order of asking', async () => {
    const turns = new Turns(1);
    expect(await turns.take(LONG)).toBe(true);
    const order: string[] = [];
    const second = turns.take(LONG).then(() => order.push('second'));
    const third = turns.take(LONG).then(() => order.push('third'));
    turns.give();
    await second;
    expect(order).toEqual(['second']);
    turns.give();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('are not given to those who left', async () => {
    const turns = new Turns(1);
    await turns.take(LONG);
    const leaving = new AbortController();
    const gone = turns.take(LONG, leaving.signal);
    const late = turns.take(1);
    const stays = turns.take(LONG);
    leaving.abort();
    expect([await gone, await late]).toEqual([false, false]);
    turns.give();
    expect(await stays).toBe(true);
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  });

  it('end for all who wait when they are closed', async () => {
    const turns = new Turns(0);
    const waiting = [turns.take(LONG), turns.take(LONG)];
    turns.close();
    expect(await Promise.all(waiting)).toEqual([false, false]);
  });
});
