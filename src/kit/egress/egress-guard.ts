import { lookup } from 'node:dns';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { denied } from '../errors/ark-error.js';
import { ownAddresses } from './own-addresses.js';

/** Which addresses may be called. Link-local and metadata addresses never may, whatever it says. */
export interface EgressRules {
  /** Whether this machine may be called: loopback, and `own`. Default: true. */
  loopback?: boolean;
  /** Addresses by which others reach this machine. Default: its pod's, or those of its network cards. */
  own?: readonly string[];
}

/** Cloud metadata services and their like: nothing that answers there is meant for a resource to reach. */
const METADATA_NAMES = /^(metadata|instance-data|metadata\.google\.internal|metadata\.goog)$/i;

const never = new BlockList();
never.addSubnet('169.254.0.0', 16);
never.addSubnet('fe80::', 10, 'ipv6');
// Metadata services outside the link-local range: Alibaba Cloud, Azure, Oracle, Amazon over IPv6.
never.addAddress('100.100.100.200');
never.addAddress('168.63.129.16');
never.addAddress('192.0.0.192');
never.addAddress('fd00:ec2::254', 'ipv6');

const loopbacks = new BlockList();
loopbacks.addSubnet('127.0.0.0', 8);
loopbacks.addSubnet('0.0.0.0', 8);
loopbacks.addAddress('::1', 'ipv6');
loopbacks.addAddress('::', 'ipv6');

/**
 * Refuses a URL that a resource or a foreign server named when its host is a link-local or metadata address, and one
 * that holds a user or a password, which would be shown wherever an address is.
 *
 * A name that resolves to such an address is refused by {@link guardedLookup}, which belongs into the connection.
 *
 * @throws Denied naming the host
 */
export function refuseEgress(url: URL, rules: EgressRules = {}): void {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (url.username || url.password) {
    throw denied(`the URL of ${host} holds a user or a password, which are shown with it: send them in a header`);
  }
  if (METADATA_NAMES.test(host)) throw denied(`${host} is a metadata service, which is never called`);
  refuseAddress(/(^|\.)localhost$/.test(host) ? '127.0.0.1' : host, rules);
}

/**
 * A `lookup` for sockets: resolves as Node does and fails for names that lead to a refused address. The socket connects
 * to what was looked at here, so a name that answers differently a moment later changes nothing.
 *
 * @param resolve Default: the system's resolver
 */
export function guardedLookup(rules: EgressRules = {}, resolve: LookupFunction = lookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, options, (error, found, family) => {
      if (error) return done(error, found, family);
      try {
        for (const { address } of Array.isArray(found) ? found : [{ address: found }]) refuseAddress(address, rules);
      } catch (refusal) {
        return done(refusal as NodeJS.ErrnoException, found, family);
      }
      done(null, found, family);
    });
  };
}

function refuseAddress(address: string, { loopback = true, own }: EgressRules): void {
  const places = [address, ...carriedAddress(address)];
  const closed = (list: BlockList) => places.some((place) => list.check(place, familyOf(place)));
  if (closed(never)) throw denied(`${address} is a link-local address, which is never called`);
  if (!loopback && (closed(loopbacks) || closed(listOf(own ?? ownAddresses())))) {
    throw denied(`${address} is this machine itself, which resources may name only without a cluster`);
  }
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const address of addresses) list.addAddress(address, familyOf(address));
  return list;
}

/** The IPv4 address to which a gateway of the network would translate an IPv6 address: NAT64, 6to4 and older ones. */
function carriedAddress(address: string): string[] {
  const groups = groupsOf(address);
  if (!groups) return [];
  const prefix = groups.slice(0, 6).join(':');
  const carried = /^(0:0:0:0:0:(0|ffff)|64:ff9b:0:0:0:0|64:ff9b:1:.*)$/.test(prefix)
    ? groups.slice(6)
    : groups[0] === '2002'
      ? groups.slice(1, 3)
      : [];
  if (carried.length === 0) return [];
  return [carried.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.')];
}

/** The eight groups of an IPv6 address; undefined for anything else. */
function groupsOf(address: string): string[] | undefined {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return undefined;
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
