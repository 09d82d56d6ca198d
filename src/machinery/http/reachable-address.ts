import { isIPv6 } from 'node:net';
import type { Logger } from '../../kit/index.js';

/** Addresses that mean "on every interface": nobody can call them. */
const WILDCARD = /^(0\.0\.0\.0|::|\[::\])$/;

export interface Listening {
  /** What it listens on, e.g. `http://127.0.0.1:8080`. */
  url: string;
  host: string;
  publicUrl?: string;
  /** Whether others than programs of this machine are told the address. */
  inCluster: boolean;
  /** The address of the pod, from its own description (`status.podIP`). */
  podIp?: string;
}

/**
 * The URL that others are told: the one that was set, else the pod's where the process listens on every interface of a
 * pod, else where it listens. Says so when nobody outside could use it.
 */
export function reachableAddress({ url, host, publicUrl, inCluster, podIp }: Listening, logger: Logger): string {
  if (publicUrl !== undefined) return publicUrl;
  if (!inCluster || !WILDCARD.test(host)) return url;
  const { port } = new URL(url);
  if (podIp) return `http://${isIPv6(podIp) ? `[${podIp}]` : podIp}:${port || '80'}`;
  logger.warn(
    { url },
    `Agent cards and published engines say ${url}, which only this machine can call: set ARK_PUBLIC_URL to the address ` +
      'of the Service in front of this process, or POD_IP from the field status.podIP of the pod.',
  );
  return url;
}
