import { invalid } from '../../kit/index.js';

const MILLISECONDS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** What nearly everybody writes. A bare number means seconds. */
const PLAIN = /^(\d+)([smh]?)$/;
const WHOLE = /^([-+]?)(?:0|((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))$/u;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gu;

/** A Go duration text in milliseconds, e.g. `1m30s` is 90000. Throws `Invalid` for anything else; `1d` is no duration. */
export function parseDuration(text: string): number {
  const match = WHOLE.exec(text);
  if (!match) {
    throw invalid(`"${text}" is not a duration; write numbers with the units h, m, s, ms, us or ns, for example 1h30m`);
  }
  let total = 0;
  for (const [, amount, unit] of (match[2] ?? '').matchAll(PART)) total += Number(amount) * MILLISECONDS[unit!]!;
  return match[1] === '-' ? -total : total;
}

/**
 * Milliseconds of an optional duration. A bare number means seconds. Absent or unreadable text gives the fallback, as
 * fields that were plain texts in Ark do.
 */
export function durationOr(text: string | undefined, fallbackMs: number): number {
  if (!text) return fallbackMs;
  const plain = PLAIN.exec(text);
  if (plain) return Number(plain[1]) * MILLISECONDS[plain[2] || 's']!;
  return WHOLE.test(text) ? parseDuration(text) : fallbackMs;
}

/** Milliseconds as Go prints a duration: `1m30s`, `2.5s`, `340ms`, `0s`. Rounded to nanoseconds. */
export function formatDuration(milliseconds: number): string {
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6);
  if (nanoseconds === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${sign}${decimal(nanoseconds, 1e3)}µs`;
  if (nanoseconds < 1e9) return `${sign}${decimal(nanoseconds, 1e6)}ms`;
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const seconds = `${decimal(nanoseconds % 6e10, 1e9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** A whole number of nanoseconds in a larger unit, without trailing zeros and without floating point noise. */
function decimal(nanoseconds: number, unit: number): string {
  const fraction = String(nanoseconds % unit)
    .padStart(Math.log10(unit), '0')
    .replace(/0+$/, '');
  return `${Math.floor(nanoseconds / unit)}${fraction ? `.${fraction}` : ''}`;
}
