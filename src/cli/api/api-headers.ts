import type { Cluster } from '../cluster/cluster.js';

/**
 * Credentials for the runtime's HTTP door: those of the environment, else the admin token of a runtime on this machine.
 * The login of a real cluster is never sent: whoever answers at the address could use it.
 */
export async function apiHeaders(env: NodeJS.ProcessEnv, cluster: Cluster): Promise<Record<string, string>> {
  const token = env.ARK_TOKEN || env.ARK_API_KEY || (await ownToken(env, cluster));
  return token ? { authorization: `Bearer ${token}` } : {};
}

async function ownToken(env: NodeJS.ProcessEnv, { location }: Cluster): Promise<string | undefined> {
  const isOwn = location.dataDir !== undefined && location.endpoints !== undefined && !env.ARK_API_URL;
  return isOwn ? (await location.connection.signIn()).token : undefined;
}
