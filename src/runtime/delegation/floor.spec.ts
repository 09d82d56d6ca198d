import { describe, expect, it } from '@jest/globals';
import { Floor } from './floor.js';

const never = new AbortController().signal;
const forever = () => new Promise<never>(() => {});

describe('the floor of a team', () => {
  it('belongs to those whose turn is not over', async () => {
    const floor = new Floor(never);
    await floor.during("turn 1: agent 'a'", async () => 'done');
    expect(floor.waitedFor).toBe('');
    void floor.during("turn 2: agent 'b'", forever);
    expect(floor.waitedFor).toBe("; waited for turn 2: agent 'b'");
  });

  it('is still theirs when the time is over, and nobody else gets it', async () => {
    const abort = new AbortController();
    const floor = new Floor(abort.signal);
    const late = floor.during("turn 1: agent 'a'", async () => {
      abort.abort(new Error('late'));
      throw new Error('late');
    });
    await expect(late).rejects.toThrow('late');
    expect(floor.waitedFor).toBe("; waited for turn 1: agent 'a'");
  });

  it('of one team knows nothing of the others, and that of the Query knows of all', async () => {
    const floor = new Floor(never);
    const [one, other] = [floor.within(), floor.within()];
    void one.during("team 'one', turn 1: agent 'a'", forever);
    void other.during("team 'other', turn 1: agent 'b'", forever);
    expect(one.waitedFor).toBe("; waited for team 'one', turn 1: agent 'a'");
    expect(floor.waitedFor).toBe("; waited for team 'one', turn 1: agent 'a'; team 'other', turn 1: agent 'b'");
  });

  it('is not a list without end', () => {
    const floor = new Floor(never);
    for (const name of 'abcde') void floor.during(name, forever);
    expect(floor.waitedFor).toBe('; waited for a; b; c; and 2 more');
  });
});
