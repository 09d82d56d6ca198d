import type { Cluster } from '../cluster/cluster.js';

/**
 * Credentials for the runtime's HTTP door: those of the environment, else the admin token of a runtime on this machine.
 * The login of a real cluster is never sent: whoever answers at the address could use it.
 */
export function apiHeaders(env: NodeJS.ProcessEnv, cluster: Cluster): Record<string, string> {
  const token = env.ARK_TOKEN || env.ARK_API_KEY || ownToken(env, cluster);
  return token ? { authorization: `Bearer ${token}` } : {};
}

function ownToken(env: NodeJS.ProcessEnv, { location }: Cluster): string | undefined {
  const isOwn = location.dataDir !== undefined && location.endpoints !== undefined && !env.ARK_API_URL;
  return isOwn ? location.connection.credentials.token : undefined;
}
