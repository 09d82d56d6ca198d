import { describe, expect, it } from '@jest/globals';
import { RunBudget } from '../budgets/run-budget.js';
import { RunDelegation } from './run-delegation.js';
import type { Ask, RunScope } from './run-scope.js';

const says: Ask = async ({ type, name }, { input }, { path, idempotencyKey }) => ({
  text: `${type} ${name} heard ${input} through ${path.join()} as ${idempotencyKey}`,
  messages: [],
});
const scope = (path: string[] = [], depth = 8, ask = says) => {
  const query = { metadata: { name: 'q', namespace: 'n' } };
  const budget = new RunBudget({ toolCalls: 1, turns: 1, depth });
  return { path, ask, query, budget, idempotencyKey: 'key' } as unknown as RunScope;
};
const agent = (name: string) => ({ type: 'agent' as const, name });

describe('an agent that asks another one', () => {
  it('gets its answer, and who waits for it is known', async () => {
    const asks = new RunDelegation(scope(['a']), 'b');
    expect(await asks.ask(agent('c'), 'hi', 'key:1')).toBe('agent c heard hi through a,b as key:1');
    expect(await new RunDelegation(scope(), undefined).ask(agent('c'), 'hi', 'key:1')).toMatch(/ through {2}as /);
  });

  it('may ask a team', async () => {
    const asks = new RunDelegation(scope(), 'b');
    expect(await asks.ask({ type: 'team', name: 'b' }, 'hi', 'key:1')).toBe('team b heard hi through b as key:1');
  });

  it('cannot ask itself, nor anybody who waits for it', async () => {
    const asks = new RunDelegation(scope(['a', 'team t']), 'b');
    await expect(asks.ask(agent('b'), '', 'key:1')).rejects.toThrow(
      'it waits for this answer itself (a → team t → b → b)',
    );
    await expect(asks.ask(agent('a'), '', 'key:1')).rejects.toMatchObject({ family: 'Denied' });
    await expect(asks.ask({ type: 'team', name: 't' }, '', 'key:1')).rejects.toThrow("team 't' cannot be asked");
    expect(await asks.ask(agent('t'), '', 'key:1')).toMatch(/^agent t heard/);
  });

  it('cannot ask when too many wait already', async () => {
    const asks = new RunDelegation(scope(['a'], 2), 'b');
    await expect(asks.ask(agent('c'), '', 'key:1')).rejects.toThrow('2 agents and teams wait for each other already');
  });

  it('is told when there is no answer', async () => {
    const silent: Ask = async () => ({ text: ' ', messages: [] });
    const asks = new RunDelegation(scope([], 8, silent), 'b');
    await expect(asks.ask(agent('c'), '', 'key:1')).rejects.toThrow("agent 'n/c' gave no answer");
  });
});
