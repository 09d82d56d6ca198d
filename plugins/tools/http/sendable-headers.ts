import { validateHeaderName, validateHeaderValue } from 'node:http';
import { invalid } from 'nest-ark';

/**
 * The headers without the white space that keys in files end with.
 *
 * @throws `Invalid` naming the header that cannot be sent, and never its value, which may be a key
 */
export function sendableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const sendable = Object.entries(headers).map(([name, text]) => {
    const value = text.trim();
    if (!isSendable(name, value)) throw invalid(`header '${name}' has characters that no HTTP header may have`);
    return [name, value] as const;
  });
  return Object.fromEntries(sendable);
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
