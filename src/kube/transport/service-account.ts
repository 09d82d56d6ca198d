import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, soon } from './connection.js';

const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod, from its mounted service account; undefined outside a cluster. */
export function readServiceAccount(env: NodeJS.ProcessEnv = process.env, mount = MOUNT): Connection | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  const tokenFile = join(mount, 'token');
  if (!host || !existsSync(tokenFile)) return undefined;
  const address = host.includes(':') ? `[${host}]` : host;
  const read = (file: string) => (existsSync(join(mount, file)) ? readFileSync(join(mount, file), 'utf8') : undefined);
  return {
    server: `https://${address}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`,
    namespace: read('namespace')?.trim() || 'default',
    source: 'the service account of this pod',
    // The kubelet replaces the token before it expires.
    async signIn() {
      const ca = read('ca.crt');
      return { token: readFileSync(tokenFile, 'utf8').trim(), ...(ca ? { ca } : {}), freshUntil: soon() };
    },
  };
}
