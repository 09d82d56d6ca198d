import { invalid, shownAddress } from '../../kit/index.js';
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

/** Whether a text is read from a Secret. */
export const isFromSecret = ({ value, valueFrom }: ValueSource = {}): boolean =>
  !value && valueFrom?.secretKeyRef !== undefined;

/** A resolved address as statuses show it: of one that comes from a Secret no more than the host. */
export const statusAddress = (source: ValueSource | undefined, address: string): string =>
  shownAddress(address, { secret: isFromSecret(source) });

/** Whether a status shows the address whole, so that it can be called as it stands there. */
export const isShownWhole = (source: ValueSource | undefined, shown: string): boolean =>
  !isFromSecret(source) && !shown.includes('?');
