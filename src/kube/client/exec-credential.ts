import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { denied } from '../../kit/errors/ark-error.js';
import type { Credentials } from './connection.js';

/** `users[].user.exec` of a kubeconfig. */
export interface ExecPlugin {
  apiVersion?: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}

interface ExecCredential {
  status?: { token?: string; clientCertificateData?: string; clientKeyData?: string };
}

/** Runs a credential plugin (`client.authentication.k8s.io`) and takes what it prints. */
export async function execCredentials(
  plugin: ExecPlugin,
  cluster: { server: string; ca?: string; folder?: string },
): Promise<Credentials> {
  const apiVersion = plugin.apiVersion ?? 'client.authentication.k8s.io/v1';
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: process.stdin.isTTY === true,
      ...(plugin.provideClusterInfo
        ? {
            cluster: {
              server: cluster.server,
              'certificate-authority-data': cluster.ca ? Buffer.from(cluster.ca).toString('base64') : undefined,
            },
          }
        : {}),
    },
  };
  const env = {
    ...process.env,
    ...Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
  const output = await runPlugin(plugin, env, cluster.folder);
  const credential = parse(output, plugin.command);
  const { token, clientCertificateData, clientKeyData } = credential.status ?? {};
  if (!token && !clientCertificateData) {
    throw denied(`The credential plugin "${plugin.command}" printed neither a token nor a certificate.`);
  }
  return {
    ...(token ? { token } : {}),
    ...(clientCertificateData && clientKeyData ? { certificate: clientCertificateData, key: clientKeyData } : {}),
  };
}

function runPlugin(plugin: ExecPlugin, env: NodeJS.ProcessEnv, folder?: string): Promise<string> {
  // A relative command is relative to the kubeconfig, a bare name is looked up on PATH: the rule of kubectl.
  const bare = !plugin.command.includes('/');
  const command = bare || plugin.command.startsWith('/') ? plugin.command : join(folder ?? '.', plugin.command);
  return new Promise((done, fail) => {
    const child = execFile(command, plugin.args ?? [], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (!error) return done(stdout);
      const hint = (error as NodeJS.ErrnoException).code === 'ENOENT' ? plugin.installHint : stderr.trim();
      fail(denied(`The credential plugin "${plugin.command}" failed: ${hint || error.message}`, { cause: error }));
    });
    child.stdin?.end();
  });
}

function parse(output: string, command: string): ExecCredential {
  try {
    return JSON.parse(output) as ExecCredential;
  } catch (error) {
    throw denied(`The credential plugin "${command}" printed something that is not JSON.`, { cause: error });
  }
}
