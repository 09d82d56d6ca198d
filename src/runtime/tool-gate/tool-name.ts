import { createHash } from 'node:crypto';

/** What every vendor's models accept. */
const LONGEST = 64;

/** The one form of a tool's name, for offering it and for finding it again: letters, digits, `_` and `-`. */
export function toolName(name: string): string {
  const clean = name.replaceAll(/[^\w-]/g, '_');
  if (clean.length <= LONGEST) return clean;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${clean.slice(0, LONGEST - digest.length - 1)}-${digest}`;
}
