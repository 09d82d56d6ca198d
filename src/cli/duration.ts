import { UsageError } from './exit-code.js';

const UNITS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** Milliseconds of a duration as Kubernetes writes it: `90s`, `1m30s`, `500ms`. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new UsageError(`"${text}" is not a duration; write it like 90s, 5m or 1h30m.`);
  let total = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(value) * (UNITS[unit ?? ''] ?? 0);
  }
  return total;
}
