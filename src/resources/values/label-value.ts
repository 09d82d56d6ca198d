import { createHash } from 'node:crypto';

const LONGEST = 63;

/** An object's name as the value of a label: itself, or its beginning with a digest where it is too long for one. */
export function labelValue(name: string): string {
  if (name.length <= LONGEST) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST - digest.length - 1).replace(/[-.]+$/, '')}-${digest}`;
}
