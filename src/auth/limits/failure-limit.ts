import { networkOf } from './network-of.js';
import { TooMany } from './too-many.js';

const WINDOW_MS = 60_000;
const MOST_FAILURES = 30;
const MOST_ADDRESSES = 10_000;

/** Lets an address, or of IPv6 its network, be wrong a few times a minute. */
export class FailureLimit {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws {@link TooMany} */
  check(address: string): void {
    const refusal = this.refusal(address);
    if (refusal) throw refusal;
  }

  /** What the next failure of the address is answered with, instead of what is wrong; absent while it may guess on. */
  refusal(address: string): TooMany | undefined {
    const known = this.failures.get(networkOf(address));
    const left = (known?.until ?? 0) - this.now();
    if (!known || left <= 0 || known.count < MOST_FAILURES) return undefined;
    return new TooMany('too many wrong credentials from this address', Math.ceil(left / 1000));
  }

  count(address: string): void {
    const network = networkOf(address);
    const known = this.failures.get(network);
    if (known && known.until > this.now()) {
      known.count += 1;
      return;
    }
    this.failures.delete(network);
    this.failures.set(network, { count: 1, until: this.now() + WINDOW_MS });
    const oldest = this.failures.keys().next().value;
    if (this.failures.size > MOST_ADDRESSES && oldest !== undefined) this.failures.delete(oldest);
  }
}
