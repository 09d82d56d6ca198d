import { BlockList, isIP } from 'node:net';
import type { AdmissionPolicy } from '../admission-policy.js';

export interface UrlVerdict {
  refused?: string;
  warning?: string;
}

const UNSUPPORTED = new Set(['file:', 'data:', 'javascript:', 'ftp:']);
const CLUSTER_SUFFIX = '.svc.cluster.local';

const LOOPBACK = blockList(['127.0.0.0/8', '0.0.0.0/32', '::1/128', '::/128']);
/** Link-local, where clouds serve their metadata. */
const METADATA = blockList(['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128']);
const PRIVATE = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);

/** Whether a Model may call this address. Host names are not resolved here; the egress guard sees the real address. */
export function judgeBaseUrl(text: string, policy: AdmissionPolicy): UrlVerdict {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return {
      refused: /^[a-z][a-z0-9+.-]*:/i.test(text) ? 'the URL cannot be read' : 'the URL has no scheme; write https://',
    };
  }
  if (UNSUPPORTED.has(url.protocol)) return { refused: `scheme ${url.protocol.slice(0, -1)} is not supported` };
  if (!url.hostname) return { refused: 'the URL names no host' };
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  const isAddress = isIP(host) !== 0;
  if (isAddress && METADATA.check(host, family))
    return { refused: 'link-local and metadata addresses are never allowed' };
  if (isAddress && LOOPBACK.check(host, family)) {
    return policy.allowLoopback
      ? {}
      : { refused: 'loopback addresses are not allowed; name the host, or use a Service' };
  }
  if (!domainAllowed(host, policy.allowedModelDomains)) {
    return { refused: `host ${host} is not one of the allowed domains: ${policy.allowedModelDomains.join(', ')}` };
  }
  return byPolicy(weaknesses(url, host, isAddress ? family : undefined, policy), policy);
}

/** What a strict operator refuses and others are told about. */
function weaknesses(url: URL, host: string, family: 'ipv4' | 'ipv6' | undefined, policy: AdmissionPolicy): string[] {
  const found: string[] = [];
  if (url.protocol !== 'https:' && !host.endsWith(CLUSTER_SUFFIX)) {
    found.push('HTTPS is required outside the cluster: keys and prompts would travel in clear text');
  }
  const allowed = () => family && blockList(policy.allowedPrivateRanges).check(host, family);
  if (family && PRIVATE.check(host, family) && !allowed()) {
    found.push(`private address ${host} is not in ALLOWED_PRIVATE_IP_RANGES`);
  }
  return found;
}

function byPolicy(found: string[], policy: AdmissionPolicy): UrlVerdict {
  if (found.length === 0) return {};
  return policy.baseUrlGuard === 'strict' ? { refused: found[0] } : { warning: found.join('; ') };
}

/** A plain entry allows the host and its sub-domains, `*.x` the same, one `*` elsewhere a prefix and a suffix. */
function domainAllowed(host: string, domains: readonly string[]): boolean {
  if (domains.length === 0) return true;
  return domains.some((entry) => {
    const pattern = entry.toLowerCase();
    const domain = pattern.startsWith('*.') ? pattern.slice(2) : pattern;
    const [prefix = '', suffix, more] = domain.split('*');
    if (more !== undefined) return false;
    if (suffix === undefined) return host === domain || host.endsWith(`.${domain}`);
    return host.length >= prefix.length + suffix.length && host.startsWith(prefix) && host.endsWith(suffix);
  });
}

/** Unreadable ranges are skipped, as in Ark. */
function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const version = isIP(address);
    if (version === 0) continue;
    list.addSubnet(
      address,
      bits === undefined ? (version === 6 ? 128 : 32) : Number(bits),
      version === 6 ? 'ipv6' : 'ipv4',
    );
  }
  return list;
}
