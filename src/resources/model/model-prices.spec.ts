import { describe, expect, it } from '@jest/globals';
import { priced, readPrices } from './model-prices.js';

const at = (facts: Record<string, string>) =>
  Object.fromEntries(Object.entries(facts).map(([name, text]) => [`pricing.ark.mckinsey.com/${name}`, text]));
const USAGE = { promptTokens: 1_000, completionTokens: 100, totalTokens: 1_100, cachedTokens: 400 };
const costs = (facts: Record<string, string>) => priced(USAGE, readPrices(at(facts)).prices).cost;

describe('the prices of a model', () => {
  it.each([
    [undefined, 0.0035],
    ['per-million-tokens', 0.0035],
    ['per-thousand-tokens', 3.5],
    ['per-hundred-tokens', 35],
  ])('are for the unit %p', (unit, amount) => {
    const [cost, ...others] = costs({ 'input-cost': '2.5', 'output-cost': '10', ...(unit ? { unit } : {}) }) ?? [];
    expect(cost).toEqual({ currency: 'USD', amount: expect.closeTo(amount, 12) });
    expect(others).toEqual([]);
  });

  it('may be lower for what the provider had in its cache', () => {
    const facts = { 'input-cost': '2', 'output-cost': '10', 'cached-input-cost': '0.5', currency: 'eur' };
    const amount = (600 * 2 + 400 * 0.5 + 100 * 10) / 1_000_000;
    expect(costs(facts)).toEqual([{ currency: 'EUR', amount: expect.closeTo(amount, 12) }]);
  });

  it('may be nothing, which is not the same as none', () => {
    expect(costs({ 'input-cost': '0', 'output-cost': '0' })).toEqual([{ currency: 'USD', amount: 0 }]);
    expect(costs({})).toEqual([]);
    expect(costs({ currency: 'USD', unit: 'per-barrel' })).toEqual([]);
  });

  it('take the place of what an engine says itself', () => {
    const told = { ...USAGE, cost: [{ currency: 'USD', amount: 99 }] };
    expect(priced(told, undefined).cost).toEqual([]);
  });

  it.each([
    [{ 'input-cost': '2' }, 'pricing.ark.mckinsey.com/output-cost is missing'],
    [{ 'cached-input-cost': '2' }, 'pricing.ark.mckinsey.com/input-cost is missing'],
    [{ 'input-cost': '$2', 'output-cost': '1' }, 'pricing.ark.mckinsey.com/input-cost is "$2": write a number'],
    [{ 'input-cost': '2', 'output-cost': '-1' }, 'output-cost is "-1": write a number'],
    [{ 'input-cost': '2', 'output-cost': 'Infinity' }, 'output-cost is "Infinity": write a number'],
    [{ 'input-cost': '2', 'output-cost': '1', 'cached-input-cost': 'x' }, 'cached-input-cost is "x": write a number'],
    [
      { 'input-cost': '2', 'output-cost': '1', unit: 'per-token' },
      'pricing.ark.mckinsey.com/unit is "per-token"; valid: per-million-tokens, per-thousand-tokens, per-hundred-tokens',
    ],
    [{ 'input-cost': '2', 'output-cost': '1', currency: 'dollars' }, 'currency is "dollars": write three letters'],
  ])('cannot be %j: no cost is made up', (facts, problem) => {
    expect(readPrices(at(facts))).toEqual({ problem: expect.stringContaining(problem) });
  });
});
