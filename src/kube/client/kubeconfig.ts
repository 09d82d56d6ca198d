import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { load } from 'js-yaml';
import { invalid, notFound } from '../../kit/errors/ark-error.js';
import type { Connection, Credentials } from './connection.js';
import { type ExecPlugin, execCredentials } from './exec-credential.js';

interface ClusterEntry {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}

interface UserEntry {
  token?: string;
  tokenFile?: string;
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  username?: string;
  password?: string;
  as?: string;
  'as-groups'?: string[];
  exec?: ExecPlugin;
  'auth-provider'?: { name?: string };
}

interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

interface Kubeconfig {
  'current-context'?: string;
  clusters?: { name: string; cluster: ClusterEntry; folder?: string }[];
  users?: { name: string; user: UserEntry; folder?: string }[];
  contexts?: { name: string; context: ContextEntry }[];
}

/**
 * Reads the connection of a context out of kubeconfig files.
 *
 * `files` is one path or a list as in `$KUBECONFIG`; the first file that has an entry of a name wins, as in kubectl.
 * Understands tokens, client certificates, basic login, impersonation and exec plugins.
 */
export async function readKubeconfig(files: string[], options: { context?: string } = {}): Promise<Connection> {
  // A list may name files that are not there yet, as in kubectl; a single one may not.
  const present = files.filter((file) => existsSync(file));
  const config = merge((present.length > 0 ? present : files).map(readFile));
  const where = files.join(':');
  const contextName = options.context ?? config['current-context'];
  if (!contextName) throw invalid(`${where} has no current-context; choose one with --context.`);
  const context = find(config.contexts, contextName, 'context', where).context ?? {};
  const clusterEntry = find(config.clusters, context.cluster ?? '', 'cluster', where);
  const userEntry = context.user ? find(config.users, context.user, 'user', where) : undefined;
  const cluster = clusterEntry.cluster ?? {};
  if (!cluster.server) throw invalid(`Cluster "${clusterEntry.name}" in ${where} has no server address.`);
  const ca = pem(cluster, 'certificate-authority', clusterEntry.folder);
  const { server } = cluster;
  const signIn = async () => (userEntry ? readUser(userEntry, server, ca) : {});
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(ca ? { ca } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { insecure: true } : {}),
    ...(cluster['tls-server-name'] ? { serverName: cluster['tls-server-name'] } : {}),
    ...(cluster['proxy-url'] ? { proxyUrl: cluster['proxy-url'] } : {}),
    credentials: await signIn(),
    ...(canRenew(userEntry?.user) ? { renew: signIn } : {}),
    namespace: context.namespace || 'default',
    source: `context "${contextName}" of ${where}`,
  };
}

/** A plugin or a file may say something else the next time. */
const canRenew = (user: UserEntry | undefined) => Boolean(user?.exec ?? user?.tokenFile);

async function readUser(
  entry: { name: string; user: UserEntry; folder?: string },
  server: string,
  ca?: string,
): Promise<Credentials> {
  const user = entry.user ?? {};
  if (user['auth-provider']) {
    throw invalid(
      `User "${entry.name}" signs in with the auth-provider "${user['auth-provider'].name}", which Kubernetes removed. ` +
        'Use an exec plugin or a token in the kubeconfig.',
    );
  }
  const fromPlugin = user.exec ? await execCredentials(user.exec, { server, ca, folder: entry.folder }) : {};
  const certificate = pem(user, 'client-certificate', entry.folder);
  const key = pem(user, 'client-key', entry.folder);
  const token =
    user.token ?? (user.tokenFile ? readFileSync(resolveIn(entry.folder, user.tokenFile), 'utf8').trim() : undefined);
  return {
    ...fromPlugin,
    ...(certificate && key ? { certificate, key } : {}),
    ...(token ? { token } : {}),
    ...(user.username ? { basic: { username: user.username, password: user.password ?? '' } } : {}),
    ...(user.as ? { impersonate: { user: user.as, groups: user['as-groups'] ?? [] } } : {}),
  };
}

function readFile(path: string): Kubeconfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw notFound(`There is no kubeconfig at ${path}.`);
    if (code === 'EISDIR') throw invalid(`${path} is a folder, and a kubeconfig is a file.`);
    if (code === 'EACCES') throw invalid(`The kubeconfig ${path} may not be read by this user.`);
    throw invalid(`Cannot read the kubeconfig ${path}: ${(error as Error).message}`, { cause: error });
  }
  let config: Kubeconfig | null;
  try {
    config = load(text) as Kubeconfig | null;
  } catch (error) {
    throw invalid(`${path} is not YAML: ${(error as Error).message}`, { cause: error });
  }
  const folder = dirname(path);
  for (const entry of [...(config?.clusters ?? []), ...(config?.users ?? [])]) entry.folder = folder;
  return config ?? {};
}

function merge(configs: Kubeconfig[]): Kubeconfig {
  return {
    'current-context': configs.map((config) => config['current-context']).find(Boolean),
    clusters: configs.flatMap((config) => config.clusters ?? []),
    users: configs.flatMap((config) => config.users ?? []),
    contexts: configs.flatMap((config) => config.contexts ?? []),
  };
}

function find<E extends { name: string }>(entries: E[] | undefined, name: string, what: string, where: string): E {
  const found = entries?.find((entry) => entry.name === name);
  if (found) return found;
  const known = (entries ?? []).map((entry) => entry.name).join(', ') || 'none';
  throw notFound(`${where} has no ${what} "${name}"; it has: ${known}.`);
}

function pem<K extends string>(
  entry: Partial<Record<K | `${K}-data`, unknown>>,
  key: K,
  folder: string | undefined,
): string | undefined {
  const data = entry[`${key}-data`];
  if (typeof data === 'string' && data) return Buffer.from(data, 'base64').toString('utf8');
  const path = entry[key];
  return typeof path === 'string' && path ? readFileSync(resolveIn(folder, path), 'utf8') : undefined;
}

const resolveIn = (folder: string | undefined, path: string) => (isAbsolute(path) ? path : join(folder ?? '.', path));
