import { BlockList, isIP } from 'node:net';

/** What callers of the HTTP doors may prove themselves with. */
export const AUTH_MODES = ['token', 'oidc'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** `none` alone is nothing: everybody is let in. @throws what is wrong with the text, as `readSettings` wants it */
export function parseAuthModes(text: string): AuthMode[] {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !AUTH_MODES.includes(name as AuthMode));
  if (wrong !== undefined) throw new Error(`is "${text}"; valid: none, ${AUTH_MODES.join(', ')}, token,oidc`);
  return [...new Set(names)] as AuthMode[];
}

const ROLE = /^(reader|user|editor|admin)(@[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$/;

/** Pairs `value=role`, e.g. `platform=admin,team-a-devs=editor@team-a`. A value may come several times. */
export function parseRoleNames(text: string): [value: string, role: string][] {
  return text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const at = pair.lastIndexOf('=');
      const [value, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      if (at > 0 && value && ROLE.test(role)) return [value, role];
      throw new Error(
        `holds "${pair.trim()}"; valid: value=role or value=role@namespace, roles: reader, user, editor, admin`,
      );
    });
}

/** An issuer over https, or one of this machine, exactly as it calls itself. */
export function parseIssuer(text: string): string {
  const url = URL.parse(text);
  const isLocal = url?.protocol === 'http:' && /^(127\.|localhost$|\[::1\]$)/.test(url.hostname);
  if (url && (url.protocol === 'https:' || isLocal) && !url.search && !url.hash) return text;
  throw new Error(`is "${text}"; valid: the https URL of an OpenID Connect issuer`);
}

/** Origins as browsers say them, separated by commas. */
export function parseOrigins(text: string): string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.filter(Boolean).map((origin) => {
    const url = URL.parse(origin);
    if (url && /^https?:$/.test(url.protocol) && url.origin === origin) return origin;
    throw new Error(`holds "${origin}"; valid: origins like https://app.example.com, separated by commas`);
  });
}

const LABEL = '[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?';
const HOST_NAME = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`);

/** Host names without port, separated by commas; `*.example.com` is every name below it. */
export function parseHostNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return names.filter(Boolean).map((name) => {
    if (HOST_NAME.test(name)) return name;
    throw new Error(`holds "${name}"; valid: host names like ark.test or *.dev.example.com, separated by commas`);
  });
}

/** Addresses and networks, separated by commas, e.g. `10.0.0.0/8,fd00::1`. */
export function parseNetworks(text: string): string[] {
  const networks = text.split(',').map((network) => network.trim());
  return networks.filter(Boolean).map((network) => {
    if (isNetwork(network)) return network;
    throw new Error(
      `holds "${network}"; valid: addresses and networks like 10.0.0.0/8 or fd00::1, separated by commas`,
    );
  });
}

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return false;
  try {
    new BlockList().addSubnet(address, Number(bits ?? 0), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}
