/** Money of one currency. */
export interface Cost {
  /** Three capital letters of ISO 4217: `USD`. */
  currency: string;
  amount: number;
}

/** Both together, one sum for each currency. */
export function addCosts(a: readonly Cost[], b: readonly Cost[]): Cost[] {
  const sums = new Map<string, number>();
  for (const { currency, amount } of [...a, ...b]) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
