import { denied } from '../../kit/errors/ark-error.js';
import type { Actor } from '../api-server/api-server.js';

/** What a header can carry as it is. */
const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/** The headers of a request in somebody else's name. @throws `Denied` for names that no header can carry unchanged */
export function impersonation({ user, groups = [] }: Actor): Record<string, string | string[]> {
  const wrong = [user, ...groups].find((text) => !PLAIN.test(text));
  if (wrong !== undefined) throw denied(`${JSON.stringify(wrong)} is no name that a request can be made in`);
  return { 'impersonate-user': user, ...(groups.length > 0 ? { 'impersonate-group': [...groups] } : {}) };
}
