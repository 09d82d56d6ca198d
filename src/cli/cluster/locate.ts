import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { notFound } from '../../kit/errors/ark-error.js';
import type { Connection } from '../../kube/client/connection.js';
import { readKubeconfig } from '../../kube/client/kubeconfig.js';
import { readServiceAccount } from '../../kube/client/service-account.js';
import type { Terminal } from '../terminal.js';
import { checkDataFolder } from './data-folder.js';

export interface ClusterChoice {
  kubeconfig?: string;
  context?: string;
  dataDir?: string;
}

/** What a running `ark start` writes into its data folder. */
export interface Endpoints {
  http: string;
  apiServer: string;
  pid: number;
  version: string;
}

export interface Location {
  connection: Connection;
  /** The data folder, when the cluster is an embedded one of this machine. */
  dataDir?: string;
  endpoints?: Endpoints;
}

/**
 * Finds the cluster to talk to. What is said most explicitly wins: `--kubeconfig`, `--data-dir`, `--context`, then
 * `ARK_DATA_DIR`, `KUBECONFIG`, `./.ark`, the service account of this pod, `~/.kube/config`.
 */
export async function locate(terminal: Terminal, choice: ClusterChoice): Promise<Location> {
  const { env, cwd } = terminal;
  const context = choice.context ?? (env.ARK_CONTEXT || undefined);
  const fromFiles = async (files: string[]): Promise<Location> => {
    const connection = await readKubeconfig(files, { context });
    return { connection, ...embeddedBeside(files[0] ?? '') };
  };
  if (choice.kubeconfig) return fromFiles([resolve(cwd, choice.kubeconfig)]);
  if (choice.dataDir) return fromFiles([inDataDir(resolve(cwd, choice.dataDir))]);
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  if (context && listed.length > 0) return fromFiles(listed);
  if (env.ARK_DATA_DIR && !context) return fromFiles([inDataDir(resolve(cwd, env.ARK_DATA_DIR))]);
  if (listed.length > 0) return fromFiles(listed);
  const here = join(cwd, '.ark', 'kubeconfig');
  if (existsSync(here) && !context) return fromFiles([here]);
  const pod = context ? undefined : readServiceAccount(env);
  if (pod) return { connection: pod };
  const usual = join(terminal.home, '.kube', 'config');
  if (existsSync(usual)) return fromFiles([usual]);
  throw notFound(
    `There is no runtime in ${join(cwd, '.ark')} and no kubeconfig. Start one with "ark start", or point to one with ` +
      '--data-dir, --kubeconfig or $KUBECONFIG.',
    { reason: 'NoCluster' },
  );
}

function inDataDir(dataDir: string): string {
  checkDataFolder(dataDir);
  const path = join(dataDir, 'kubeconfig');
  if (existsSync(path)) return path;
  throw notFound(`There is no runtime in ${dataDir}. Start one with "ark start --data-dir ${dataDir}".`, {
    reason: 'NoCluster',
  });
}

/** A kubeconfig of an embedded runtime lies beside its store; while the runtime runs, its endpoints are there too. */
function embeddedBeside(kubeconfig: string): Pick<Location, 'dataDir' | 'endpoints'> {
  const dataDir = resolve(kubeconfig, '..');
  const endpoints = readEndpoints(dataDir);
  if (endpoints) return { dataDir, endpoints };
  return existsSync(join(dataDir, 'objects.db')) ? { dataDir } : {};
}

export function readEndpoints(dataDir: string): Endpoints | undefined {
  try {
    const endpoints = JSON.parse(readFileSync(join(dataDir, 'endpoints.json'), 'utf8')) as Partial<Endpoints>;
    return typeof endpoints.http === 'string' ? (endpoints as Endpoints) : undefined;
  } catch {
    return undefined;
  }
}
