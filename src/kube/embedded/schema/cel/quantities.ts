import type { Environment } from '@marcbachmann/cel-js';

const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
/** Quantities count in billionths, the finest step Kubernetes knows. */
const NANO = 1_000_000_000n;

/** A resource quantity, exact. */
class CelQuantity {
  constructor(readonly nanos: bigint) {}
}

/** `isQuantity`, `quantity` and how quantities compare and add up. */
export function registerQuantities(environment: Environment): void {
  const type = 'kubernetes.Quantity';
  environment
    .registerType(type, CelQuantity)
    .registerFunction('isQuantity(string): bool', (text: string) => parse(text) !== undefined)
    .registerFunction(`quantity(string): ${type}`, (text: string) => {
      const nanos = parse(text);
      if (nanos === undefined) throw new Error(`quantities must match the regular expression ${PATTERN.source}`);
      return new CelQuantity(nanos);
    })
    .registerFunction(`${type}.isGreaterThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => a.nanos > b.nanos)
    .registerFunction(`${type}.isLessThan(${type}): bool`, (a: CelQuantity, b: CelQuantity) => a.nanos < b.nanos)
    .registerFunction(`${type}.compareTo(${type}): int`, (a: CelQuantity, b: CelQuantity) =>
      a.nanos < b.nanos ? -1n : a.nanos > b.nanos ? 1n : 0n,
    )
    .registerFunction(
      `${type}.add(${type}): ${type}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.nanos + b.nanos),
    )
    .registerFunction(
      `${type}.sub(${type}): ${type}`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.nanos - b.nanos),
    )
    .registerFunction(`${type}.sign(): int`, ({ nanos }: CelQuantity) => (nanos < 0n ? -1n : nanos > 0n ? 1n : 0n))
    .registerFunction(`${type}.isInteger(): bool`, ({ nanos }: CelQuantity) => nanos % NANO === 0n)
    .registerFunction(`${type}.asInteger(): int`, ({ nanos }: CelQuantity) => nanos / NANO)
    .registerFunction(`${type}.asApproximateFloat(): double`, ({ nanos }: CelQuantity) => Number(nanos) / Number(NANO));
}

function parse(text: string): bigint | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, sign, digits, exponent, suffix] = match;
  const [whole = '', fraction = ''] = digits!.split('.');
  const power = exponent ? Number(exponent.slice(1)) : (DECIMAL[suffix ?? ''] ?? 0);
  const shift = BINARY[suffix ?? ''] ?? 0n;
  const scale = power + 9 - fraction.length;
  const amount = BigInt(whole + fraction) << shift;
  const divisor = scale < 0 ? 10n ** BigInt(-scale) : 1n;
  const scaled = scale < 0 ? (amount + divisor - 1n) / divisor : amount * 10n ** BigInt(scale);
  return sign === '-' ? -scaled : scaled;
}
