import type { Cost, TokenUsage } from '../../kit/index.js';
import { CACHED_INPUT_COST, INPUT_COST, OUTPUT_COST, PRICE_CURRENCY, PRICE_UNIT } from '../labels.js';

/** What a model costs, for each token. */
export interface ModelPrices {
  currency: string;
  input: number;
  /** Of input that the provider had in its cache. */
  cachedInput: number;
  output: number;
}

/** Prices; or what is wrong with the annotations that should tell them; or neither, where there are none. */
export type PriceReading = { prices?: ModelPrices; problem?: never } | { problem: string; prices?: never };

/** How many tokens a price is for. */
const UNITS = new Map([
  ['per-million-tokens', 1_000_000],
  ['per-thousand-tokens', 1_000],
  ['per-hundred-tokens', 100],
]);
const DEFAULT_UNIT = 'per-million-tokens';
const DEFAULT_CURRENCY = 'USD';
const AMOUNT = /^\d{1,15}(\.\d{1,15})?$/;
const EXCERPT = 40;

/** Reads the prices that a Model's annotations tell. */
export function readPrices(annotations: Readonly<Record<string, string>> = {}): PriceReading {
  const given = (name: string) => annotations[name]?.trim() || undefined;
  const [input, output, cached] = [given(INPUT_COST), given(OUTPUT_COST), given(CACHED_INPUT_COST)];
  if (input === undefined && output === undefined && cached === undefined) return {};
  for (const [name, text] of [
    [INPUT_COST, input],
    [OUTPUT_COST, output],
  ] as const) {
    if (text === undefined) return { problem: `annotation ${name} is missing: the other price alone makes no cost` };
  }
  for (const [name, text] of Object.entries({
    [INPUT_COST]: input,
    [OUTPUT_COST]: output,
    [CACHED_INPUT_COST]: cached,
  })) {
    if (text !== undefined && !AMOUNT.test(text)) {
      return { problem: `annotation ${name} is "${short(text)}": write a number, for example 2.50` };
    }
  }
  const unit = given(PRICE_UNIT) ?? DEFAULT_UNIT;
  const tokens = UNITS.get(unit);
  if (tokens === undefined) {
    return { problem: `annotation ${PRICE_UNIT} is "${short(unit)}"; valid: ${[...UNITS.keys()].join(', ')}` };
  }
  const currency = given(PRICE_CURRENCY) ?? DEFAULT_CURRENCY;
  if (!/^[A-Za-z]{3}$/.test(currency)) {
    return { problem: `annotation ${PRICE_CURRENCY} is "${short(currency)}": write three letters, for example USD` };
  }
  const each = (text: string | undefined) => Number(text) / tokens;
  return {
    prices: {
      currency: currency.toUpperCase(),
      input: each(input),
      cachedInput: each(cached ?? input),
      output: each(output),
    },
  };
}

/** The report with what the tokens cost; without prices it says that they cost nothing known. */
export function priced(usage: TokenUsage, prices: ModelPrices | undefined): TokenUsage {
  return { ...usage, cost: prices ? [costOf(usage, prices)] : [] };
}

/** Tokens from the cache are counted among those of the prompt, too. */
function costOf({ promptTokens, completionTokens, cachedTokens = 0 }: TokenUsage, prices: ModelPrices): Cost {
  const cached = Math.min(cachedTokens, promptTokens);
  const amount =
    (promptTokens - cached) * prices.input + cached * prices.cachedInput + completionTokens * prices.output;
  return { currency: prices.currency, amount };
}

const short = (text: string) => (text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text);
