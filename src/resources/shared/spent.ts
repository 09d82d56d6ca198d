import { IsString, Matches } from 'class-validator';
import type { Cost, TokenUsage } from '../../kit/index.js';
import type { TokenCounts } from './token-counts.js';

/** A sum of money, as text: numbers of JSON are not exact. */
export class CostAmount {
  @IsString() @Matches(/^\d+(\.\d+)?$/) amount: string;
  @IsString() @Matches(/^[A-Z]{3}$/) currency: string;
}

/** What a status says of tokens and their cost. */
export interface SpentStatus {
  tokenUsage?: TokenCounts;
  cost?: CostAmount[];
}

/** A token of the cheapest model costs some billionths of a dollar. */
const DIGITS = 12;

/** How a status tells of tokens and their cost; nothing of what nobody counted. */
export function spentStatus(usage: TokenUsage | undefined): SpentStatus {
  if (!usage || usage.totalTokens <= 0) return {};
  const { cost = [], ...tokenUsage } = usage;
  return { tokenUsage, ...(cost.length > 0 ? { cost: costAmounts(cost) } : {}) };
}

/** What a status tells, to be summed up with more. */
export function spentBefore({ tokenUsage, cost }: SpentStatus): TokenUsage | undefined {
  if (!tokenUsage?.totalTokens) return undefined;
  const counts = { promptTokens: 0, completionTokens: 0, totalTokens: 0, ...tokenUsage };
  return { ...counts, ...(cost ? { cost: readCosts(cost) } : {}) };
}

export const costAmounts = (costs: readonly Cost[]): CostAmount[] =>
  costs.map(({ amount, currency }) => ({ amount: amountText(amount), currency }));

/** Costs as somebody else wrote them; whatever is none is left out. */
export function readCosts(written: readonly unknown[]): Cost[] {
  return written.flatMap((each) => {
    const { amount: text, currency } = (each ?? {}) as Partial<Record<keyof CostAmount, unknown>>;
    if (typeof text !== 'string' || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return [];
    return /^\d{1,15}(\.\d{1,15})?$/.test(text) ? [{ currency, amount: Number(text) }] : [];
  });
}

const amountText = (amount: number) => amount.toFixed(DIGITS).replace(/\.?0+$/, '');
