const HIDDEN = '…';

/**
 * An address for people, in statuses, messages and logs: without user, password and fragment, and with the names in its
 * query, but not their values, which some services take keys in.
 *
 * With `secret`, the address itself comes from a Secret: then only scheme, host and port are shown, because services also
 * take keys in paths.
 *
 * @example shownAddress('http://mcp.example.com/mcp?key=abc') // 'http://mcp.example.com/mcp?key=…'
 * @example shownAddress('http://mcp.example.com/s/abc', { secret: true }) // 'http://mcp.example.com'
 */
export function shownAddress(address: string, { secret = false } = {}): string {
  const url = URL.parse(address);
  // What is no URL is shown as far as its query.
  if (!url) return secret ? '' : (address.split(/[?#]/)[0] ?? '');
  if (secret && url.host) return `${url.protocol}//${url.host}`;
  if (!url.search && !url.hash && !url.username && !url.password) return address;
  // What has no value may be a key without a name.
  const named = [...url.searchParams].map(([name, value]) =>
    value ? `${encodeURIComponent(name)}=${HIDDEN}` : HIDDEN,
  );
  const names = [...new Set(named)];
  for (const part of ['username', 'password', 'search', 'hash'] as const) url[part] = '';
  return secret || names.length === 0 ? url.href : `${url.href}?${names.join('&')}`;
}
