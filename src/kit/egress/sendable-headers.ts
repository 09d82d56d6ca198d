import { validateHeaderName, validateHeaderValue } from 'node:http';
import { invalid } from '../errors/ark-error.js';

/**
 * Headers from values that people wrote, without the white space that keys in files end with.
 *
 * Errors: `Invalid` naming the header that cannot be sent. What `fetch` throws would show its value, which may be a key.
 *
 * @example sendableHeaders({ authorization: 'Bearer key\n' }) // { authorization: 'Bearer key' }
 */
export function sendableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => {
      const value = text.trim();
      if (!isSendable(name, value)) throw invalid(`header '${name}' has characters that no HTTP header may have`);
      return [name, value];
    }),
  );
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
