import { readFileSync } from 'node:fs';
import type { AuthProviders } from './auth-provider.js';
import type { Credentials } from './connection.js';
import { execCredentials } from './exec-credential.js';
import { type Named, pemOf, resolveIn, type UserEntry } from './kubeconfig-file.js';

/** What the user of a kubeconfig signs in with, of files and plugins as they are now. What it says itself wins. */
export async function userCredentials(
  user: Named<UserEntry>,
  cluster: { server: string; ca?: string },
  providers: AuthProviders,
): Promise<Credentials> {
  const { entry, folder } = user;
  const given = entry.exec
    ? await execCredentials(entry.exec, { ...cluster, folder })
    : entry['auth-provider']
      ? await providers.credentials(user.name, entry['auth-provider'])
      : {};
  const certificate = pemOf(user, 'client-certificate');
  const key = pemOf(user, 'client-key');
  const token = entry.tokenFile ? readFileSync(resolveIn(folder, entry.tokenFile), 'utf8').trim() : entry.token;
  const { username, password = '', as } = entry;
  return {
    ...given,
    ...(certificate && key ? { certificate, key } : {}),
    ...(token ? { token } : {}),
    ...(username ? { basic: { username, password } } : {}),
    ...(as ? { impersonate: { user: as, groups: entry['as-groups'] ?? [] } } : {}),
  };
}
