import { describe, expect, it } from '@jest/globals';
import { RunBudget } from '../budgets/run-budget.js';
import { RunDelegation } from './run-delegation.js';
import type { RunScope } from './run-scope.js';

const scope = (path: string[] = [], depth = 8) =>
  ({ path, budget: new RunBudget({ toolCalls: 1, turns: 1, depth }) }) as unknown as RunScope;
const agent = (name: string) => ({ type: 'agent' as const, name });
const says = async (name: string, input: string, { path }: RunScope) => `${name} heard ${input} through ${path.join()}`;

describe('an agent that asks another one', () => {
  it('gets its answer, and who waits for it is known', async () => {
    const asks = new RunDelegation(scope(['a']), 'b', says);
    expect(await asks.ask(agent('c'), 'hi')).toBe('c heard hi through a,b');
    expect(await new RunDelegation(scope(), undefined, says).ask(agent('c'), 'hi')).toBe('c heard hi through ');
  });

  it('cannot ask itself, nor anybody who waits for it', async () => {
    const asks = new RunDelegation(scope(['a']), 'b', says);
    await expect(asks.ask(agent('b'), '')).rejects.toThrow('it waits for this answer itself (a → b → b)');
    await expect(asks.ask(agent('a'), '')).rejects.toMatchObject({ family: 'Denied' });
  });

  it('cannot ask when too many wait already', async () => {
    const asks = new RunDelegation(scope(['a'], 2), 'b', says);
    await expect(asks.ask(agent('c'), '')).rejects.toThrow('2 agents wait for each other already');
  });

  it('is told that teams cannot be asked', async () => {
    const asks = new RunDelegation(scope(), 'a', says);
    await expect(asks.ask({ type: 'team', name: 't' }, '')).rejects.toThrow("team 't' cannot be asked");
  });
});
