import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * The addresses by which others reach this machine, besides loopback: in a pod those that Kubernetes tells it in `POD_IPS`
 * or `POD_IP` (fields `status.podIPs`, `status.podIP`), else those of its network cards.
 *
 * @example ownAddresses({ POD_IPS: '10.1.2.3,fd00::7' }) // ['10.1.2.3', 'fd00::7']
 */
export function ownAddresses(env: NodeJS.ProcessEnv = process.env, cards = networkInterfaces): string[] {
  const told = (env.POD_IPS || env.POD_IP || '').split(',').map((address) => address.trim());
  const known = told.filter((address) => isIP(address) !== 0);
  if (known.length > 0) return known;
  return Object.values(cards()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address));
}
