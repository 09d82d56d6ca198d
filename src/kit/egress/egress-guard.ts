import { lookup as resolve } from 'node:dns';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { denied } from '../errors/ark-error.js';

export interface EgressRules {
  /** Whether addresses of this machine may be called. Default: true. */
  loopback?: boolean;
}

/** Cloud metadata services and their like: nothing that answers there is meant for a resource to reach. */
const METADATA_NAMES = /^(metadata|instance-data|metadata\.google\.internal|metadata\.goog)$/i;

const never = new BlockList();
never.addSubnet('169.254.0.0', 16);
never.addSubnet('fe80::', 10, 'ipv6');
// Metadata services outside the link-local range: Alibaba Cloud, Amazon over IPv6.
never.addAddress('100.100.100.200');
never.addAddress('fd00:ec2::254', 'ipv6');

const own = new BlockList();
own.addSubnet('127.0.0.0', 8);
own.addSubnet('0.0.0.0', 8);
own.addAddress('::1', 'ipv6');
own.addAddress('::', 'ipv6');

/**
 * Refuses a URL that a resource or a foreign server named when its host is a link-local or metadata address.
 *
 * A name that resolves to such an address is refused by {@link guardedLookup}, which belongs into the connection.
 *
 * @throws Denied naming the host
 */
export function refuseEgress(url: URL, rules: EgressRules = {}): void {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (METADATA_NAMES.test(host)) throw denied(`${host} is a metadata service, which is never called`);
  refuseAddress(/(^|\.)localhost$/.test(host) ? '127.0.0.1' : host, rules);
}

/** A `lookup` for sockets: resolves as Node does and fails for names that lead to a refused address. */
export function guardedLookup(rules: EgressRules = {}): LookupFunction {
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

function refuseAddress(address: string, { loopback = true }: EgressRules): void {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (never.check(address, family)) throw denied(`${address} is a link-local address, which is never called`);
  if (!loopback && own.check(address, family)) {
    throw denied(`${address} is this machine itself, which resources may name only without a cluster`);
  }
}
