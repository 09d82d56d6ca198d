/** What is read of a caller's baggage at most: it goes on to every service that is called. */
const LARGEST = 4_096;
const MEMBERS = 32;
/** A token of RFC 9110, and what may stand for a value. */
const KEY = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * The members of a `baggage` header, decoded, without their properties. What is malformed is left out, and what is too
 * long altogether: who called may have written anything. Source: W3C Baggage.
 */
export function parseBaggage(header: string | undefined): Record<string, string> {
  if (!header || header.length > LARGEST) return {};
  const members = header.split(',').slice(0, MEMBERS).map(memberOf);
  return Object.fromEntries(members.filter((member) => member !== undefined));
}

export const formatBaggage = (members: Record<string, string>): string =>
  Object.entries(members)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join(',');

function memberOf(text: string): [name: string, value: string] | undefined {
  const [member = ''] = text.split(';');
  const at = member.indexOf('=');
  const [name, value] = [member.slice(0, at).trim(), member.slice(at + 1).trim()];
  if (at < 0 || !KEY.test(name) || !VALUE.test(value)) return undefined;
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}
