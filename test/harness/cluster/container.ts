import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: { fieldRef?: { fieldPath: string }; secretKeyRef?: { name: string; key: string } };
}

interface Container {
  command?: string[];
  args?: string[];
  env?: EnvironmentVariable[];
  ports?: { name: string; containerPort: number }[];
}

/** As much of a Pod as is needed to run its container. */
export interface PodObject {
  metadata: { name: string; namespace: string };
  spec: { securityContext: { runAsUser: number; runAsGroup: number }; containers: [Container] };
}

interface Surroundings {
  command: string[];
  env?: NodeJS.ProcessEnv;
  /** Its ServiceAccount, where it has one: the token, and the file of the cluster's certificate authority. */
  account?: { token: string; authority: string };
  /** Names that lead to this machine, as those of Services lead to pods. */
  hosts?: string[];
}

/** Starts the one container of a pod on this machine's network. @param folder an empty one, to be removed when it has ended */
export function startContainer(pod: PodObject, folder: string, given: Surroundings): ChildProcess {
  const [root, account, hosts] = [join(folder, 'root'), join(folder, 'account'), join(folder, 'hosts')];
  for (const path of [root, account]) mkdirSync(path);
  writeFileSync(hosts, `${readFileSync('/etc/hosts', 'utf8')}\n127.0.0.1 localhost ${(given.hosts ?? []).join(' ')}\n`);
  if (given.account) {
    writeFileSync(join(account, 'token'), given.account.token);
    writeFileSync(join(account, 'namespace'), pod.metadata.namespace);
    cpSync(given.account.authority, join(account, 'ca.crt'));
  }
  const { runAsUser, runAsGroup } = pod.spec.securityContext;
  const program = [resolve('test/cluster/run-pod.sh'), root, process.cwd(), dirname(process.execPath), account, hosts];
  const args = ['--mount', '--uts', ...program, String(runAsUser), String(runAsGroup), ...given.command];
  const env = { ...given.env, HOSTNAME: pod.metadata.name, PATH: process.env.PATH };
  return spawn('unshare', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
