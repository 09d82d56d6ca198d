import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562), e.g. `0199e1c2-6b1f-7c54-9f0e-3a8d5b7e4c21`: later ones sort behind earlier ones, to
 * the millisecond. In an index such names are written side by side, where random ones dirty a page each.
 */
export function orderedUuid(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
