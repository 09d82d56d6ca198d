import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { load } from 'js-yaml';
import { invalid, notFound } from '../../kit/errors/ark-error.js';
import type { AuthProvider } from './auth-provider.js';
import type { ExecPlugin } from './exec-credential.js';

export interface ClusterEntry {
  server?: string;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'tls-server-name'?: string;
  'proxy-url'?: string;
}

export interface UserEntry {
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
  'auth-provider'?: AuthProvider;
}

export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** An entry with the folder of its file, to which its paths are relative. */
export interface Named<E> {
  name: string;
  folder: string;
  entry: E;
}

interface KubeconfigFile {
  'current-context'?: string;
  clusters?: { name: string; cluster?: ClusterEntry }[];
  users?: { name: string; user?: UserEntry }[];
  contexts?: { name: string; context?: ContextEntry }[];
}

/** One context with what it names. */
export interface ChosenContext {
  name: string;
  context: ContextEntry;
  cluster: Named<ClusterEntry>;
  /** Absent: nobody signs in. */
  user?: Named<UserEntry>;
}

/**
 * Finds a context, the current one unless another is asked for.
 *
 * `files` is one path or a list as in `$KUBECONFIG`; the first file that has an entry of a name wins, as in kubectl.
 */
export function chooseContext(files: string[], wanted?: string): ChosenContext {
  // A list may name files that are not there yet, as in kubectl; a single one may not.
  const present = files.filter((file) => existsSync(file));
  const read = (present.length > 0 ? present : files).map((path) => ({ ...readFile(path), folder: dirname(path) }));
  const where = files.join(':');
  const name = wanted ?? read.map((file) => file['current-context']).find(Boolean);
  if (!name) throw invalid(`${where} has no current-context; choose one with --context.`);
  const contexts = read.flatMap(({ contexts, folder }) =>
    (contexts ?? []).map((each) => ({ name: each.name, folder, entry: each.context ?? {} })),
  );
  const { entry: context } = find(contexts, name, 'context', where);
  const clusters = read.flatMap(({ clusters, folder }) =>
    (clusters ?? []).map((each) => ({ name: each.name, folder, entry: each.cluster ?? {} })),
  );
  const users = read.flatMap(({ users, folder }) =>
    (users ?? []).map((each) => ({ name: each.name, folder, entry: each.user ?? {} })),
  );
  const cluster = find(clusters, context.cluster ?? '', 'cluster', where);
  return { name, context, cluster, ...(context.user ? { user: find(users, context.user, 'user', where) } : {}) };
}

/** The PEM of an entry, which is written into it or lies in a file; undefined where it has none. */
export function pemOf<K extends string>(
  { entry, folder }: Named<Partial<Record<K | `${K}-data`, unknown>>>,
  key: K,
): string | undefined {
  const data = entry[`${key}-data`];
  if (typeof data === 'string' && data) return Buffer.from(data, 'base64').toString('utf8');
  const path = entry[key];
  return typeof path === 'string' && path ? readFileSync(resolveIn(folder, path), 'utf8') : undefined;
}

export const resolveIn = (folder: string, path: string) => (isAbsolute(path) ? path : join(folder, path));

function readFile(path: string): KubeconfigFile {
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
  try {
    return (load(text) as KubeconfigFile | null) ?? {};
  } catch (error) {
    throw invalid(`${path} is not YAML: ${(error as Error).message}`, { cause: error });
  }
}

function find<E>(entries: Named<E>[], name: string, what: string, where: string): Named<E> {
  const found = entries.find((each) => each.name === name);
  if (found) return found;
  const known = entries.map((each) => each.name).join(', ') || 'none';
  throw notFound(`${where} has no ${what} "${name}"; it has: ${known}.`);
}
