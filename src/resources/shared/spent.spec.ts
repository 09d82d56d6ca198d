import { describe, expect, it } from '@jest/globals';
import { readCosts, spentBefore, spentStatus } from './spent.js';

const COUNTS = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };

describe('what a status tells of tokens', () => {
  it('is their number, and what they cost as exact text', () => {
    const cost = [
      { currency: 'USD', amount: 0.1 + 0.2 },
      { currency: 'EUR', amount: 0.00000015 },
      { currency: 'JPY', amount: 200 },
    ];
    const status = spentStatus({ ...COUNTS, cost });
    expect(status).toEqual({
      tokenUsage: COUNTS,
      cost: [
        { amount: '0.3', currency: 'USD' },
        { amount: '0.00000015', currency: 'EUR' },
        { amount: '200', currency: 'JPY' },
      ],
    });
    expect(spentBefore(status)).toEqual({ ...COUNTS, cost: [{ currency: 'USD', amount: 0.3 }, ...cost.slice(1)] });
  });

  it('is no cost where no price is known, and nothing where nobody counted', () => {
    expect(spentStatus({ ...COUNTS, cost: [] })).toEqual({ tokenUsage: COUNTS });
    expect(spentStatus({ promptTokens: 0, completionTokens: 0, totalTokens: 0, cost: [] })).toEqual({});
    expect(spentStatus(undefined)).toEqual({});
    expect(spentBefore({})).toBeUndefined();
  });

  it('of another process is read with care', () => {
    const written = [null, 7, { amount: '1e99', currency: 'USD' }, { amount: '1', currency: 'dollars' }, { amount: 2 }];
    expect(readCosts([...written, { amount: '0.5', currency: 'USD' }])).toEqual([{ currency: 'USD', amount: 0.5 }]);
  });
});
