const COLORS: Record<string, string> = { debug: '\x1b[2m', info: '\x1b[32m', warn: '\x1b[33m', error: '\x1b[31m' };
const RESET = '\x1b[0m';
const DIM = '\x1b[2m';
/** Longer values say more in the JSON log. */
const MAX_VALUE = 120;

/** A JSON log line as one short line for a terminal; stacks keep their lines. */
export function humanLine(line: string): string {
  const { level, time, message, err, ...facts } = JSON.parse(line) as Record<string, unknown> & {
    err?: { stack?: string };
  };
  const clock = String(time).slice(11, 19);
  const color = COLORS[String(level)] ?? '';
  const details = Object.entries(facts)
    .map(([name, value]) => `${name}=${short(value)}`)
    .join(' ');
  const stack = err?.stack ? `\n${err.stack}` : '';
  return `${DIM}${clock}${RESET} ${color}${String(level).padEnd(5)}${RESET} ${message} ${DIM}${details}${RESET}${stack}\n`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
