import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from './connection.js';

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod, from its mounted service account; undefined outside a cluster. */
export function readServiceAccount(env: NodeJS.ProcessEnv = process.env, mount = MOUNT): Connection | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const tokenFile = join(mount, 'token');
  if (!host || !existsSync(tokenFile)) return undefined;
  const address = host.includes(':') ? `[${host}]` : host;
  const read = (file: string) => (existsSync(join(mount, file)) ? readFileSync(join(mount, file), 'utf8') : undefined);
  const ca = read('ca.crt');
  const signIn = () => ({ token: readFileSync(tokenFile, 'utf8').trim() });
  return {
    server: `https://${address}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`,
    ...(ca ? { ca } : {}),
    credentials: signIn(),
    // The kubelet replaces the token before it expires.
    renew: async () => signIn(),
    namespace: read('namespace')?.trim() || 'default',
    source: 'the service account of this pod',
  };
}
