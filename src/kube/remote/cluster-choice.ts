import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { invalid } from '../../kit/errors/ark-error.js';
import type { Connection } from '../transport/connection.js';
import { readKubeconfig } from '../transport/kubeconfig.js';
import { readServiceAccount } from '../transport/service-account.js';

/** Which cluster, and as whom. Without `path`: `$KUBECONFIG`, else `~/.kube/config`, as kubectl does. */
export type ConnectOptions = { mode: 'in-cluster' } | { mode: 'kubeconfig'; path?: string; context?: string };

export function connectionOf(options: ConnectOptions, env: NodeJS.ProcessEnv = process.env): Connection {
  if (options.mode === 'kubeconfig') return readKubeconfig(kubeconfigs(options.path, env), options);
  const account = readServiceAccount(env);
  if (account) return account;
  const missing = env.KUBERNETES_SERVICE_HOST ? 'no service account is mounted' : 'KUBERNETES_SERVICE_HOST is not set';
  throw invalid(`not in a cluster: ${missing}; choose ARK_KUBERNETES=kubeconfig or embedded`);
}

function kubeconfigs(path: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (path) return [path];
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}
