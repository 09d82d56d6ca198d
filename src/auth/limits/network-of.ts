import { isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** What one customer of a provider has at least: 64 bits, in groups of 16. */
const GROUPS = 4;

/** What addresses are counted by: of IPv6 the network, whose addresses anybody may change as they like; else the address. */
export function networkOf(address: string): string {
  const [, ipv4] = MAPPED.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  // What stands behind the gap is in the network only where the gap is short.
  const behind = tail ? tail.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':') : [];
  const gap = tail === undefined ? 0 : 8 - groups.length - behind.length;
  const whole = [...groups, ...Array<string>(gap).fill('0'), ...behind];
  return `${whole
    .slice(0, GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
