import { invalid } from '../../kit/errors/ark-error.js';
import { AuthProviders } from './auth-provider.js';
import { type Connection, soon } from './connection.js';
import { type ChosenContext, chooseContext, pemOf } from './kubeconfig-file.js';
import { userCredentials } from './user-credentials.js';

/**
 * The connection of a context of kubeconfig files: `files` is one path or a list as in `$KUBECONFIG`. Nobody signs in yet.
 *
 * @throws `Invalid` or `NotFound`, naming file and entry
 */
export function readKubeconfig(files: string[], options: { context?: string } = {}): Connection {
  const { name, context, cluster } = chooseContext(files, options.context);
  const { server, 'proxy-url': proxyUrl, 'tls-server-name': serverName, ...trust } = cluster.entry;
  const where = files.join(':');
  if (!server) throw invalid(`Cluster "${cluster.name}" in ${where} has no server address.`);
  if (proxyUrl?.startsWith('socks')) {
    throw invalid(`Cluster "${cluster.name}" in ${where} wants a SOCKS proxy; use an HTTP proxy instead.`);
  }
  const providers = new AuthProviders();
  return {
    server: server.replace(/\/+$/, ''),
    ...(trust['insecure-skip-tls-verify'] ? { insecure: true } : {}),
    ...(serverName ? { serverName } : {}),
    ...(proxyUrl ? { proxyUrl } : {}),
    namespace: context.namespace?.trim() || 'default',
    source: `context "${name}" of ${where}`,
    // Read again each time: who rotates a token may write it into the kubeconfig itself.
    async signIn() {
      const now = chooseContext(files, name);
      const ca = pemOf(now.cluster, 'certificate-authority');
      const credentials = now.user ? await userCredentials(now.user, { server, ca }, providers) : {};
      return { ...(dependsOnFiles(now) ? { freshUntil: soon() } : {}), ...credentials, ...(ca ? { ca } : {}) };
    },
  };
}

/** Files may be rotated at any time; a plugin says itself how long it may be believed. */
function dependsOnFiles({ cluster, user }: ChosenContext): boolean {
  const files = [cluster.entry['certificate-authority'], user?.entry.tokenFile, user?.entry['client-certificate']];
  return !user?.entry.exec && files.some(Boolean);
}
