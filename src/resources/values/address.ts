import { invalid } from '../../kit/index.js';
import type { ValueSource } from '../shared/value-source.js';

/**
 * Refuses an address that holds a user or a password: addresses are shown in statuses, columns and messages.
 *
 * @throws `Invalid` that does not quote it
 */
export function refusePassword(address: string): void {
  const url = URL.parse(address);
  if (url?.username || url?.password) {
    throw invalid('the address holds a user or a password, which would be shown with it: send them in a header');
  }
}

/** An address for people: what follows `?` stays in the Secret it was read from, since some services want keys there. */
export function shownAddress({ value, valueFrom }: ValueSource = {}, address: string): string {
  const url = URL.parse(address);
  if (value || !valueFrom?.secretKeyRef || !url?.search) return address;
  url.search = '';
  return url.href;
}
