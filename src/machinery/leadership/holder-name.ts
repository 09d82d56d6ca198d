import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name that no other process start has: machine, process id and chance. A DNS label of at most 63 characters. */
export function holderName(host = hostname(), pid = process.pid): string {
  const machine = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replace(/^-+|-+$/g, '');
  return ['ark', machine, pid, randomBytes(4).toString('hex')].filter((part) => part !== '').join('-');
}
