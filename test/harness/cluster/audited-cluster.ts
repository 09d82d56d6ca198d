import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { ControlPlane } from '../control-plane.js';
import { eventually } from '../eventually.js';
import { CHART, findHelm } from '../helm.js';
import { findKubectl, run } from '../runtime.js';
import type { PodObject } from './container.js';
import { type PodSurroundings, RunningPod } from './pod.js';
import { AuditLog, type Right, type Rule, rightsIn } from './rights.js';
import { runTestPod } from './test-pod.js';

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    userGroups: ["system:serviceaccounts"]
  - level: None
`;

/** A Role or ClusterRole that somebody was given. */
interface Grant {
  role: string;
  /** Where its rights hold; undefined: everywhere. */
  namespace?: string;
  rights: Right[];
}

interface Binding {
  metadata: { namespace?: string };
  roleRef: { kind: string; name: string };
  subjects?: { name: string; namespace?: string }[];
}

/** A real control plane that writes down what ServiceAccounts ask of it, and the chart in it. */
export class AuditedCluster {
  private constructor(
    private readonly plane: ControlPlane,
    private readonly folder: string,
  ) {}

  static async start(binaries: string): Promise<AuditedCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'ark-audit-'));
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, POLICY);
    const flags = [`--audit-policy-file=${policy}`, `--audit-log-path=${join(folder, 'audit.log')}`];
    return new AuditedCluster(await ControlPlane.start(binaries, { apiServerArgs: flags }), folder);
  }

  /** kubectl as the administrator; it must succeed. */
  kubectl(args: string[], input?: string): Promise<string> {
    return this.succeed(findKubectl() ?? 'kubectl', args, input);
  }

  helm(...args: string[]): Promise<string> {
    return this.succeed(findHelm() ?? 'helm', args);
  }

  /** Installs or upgrades the chart as the release `ark`. */
  install(namespace: string, ...values: string[]): Promise<string> {
    return this.helm('upgrade', '--install', 'ark', CHART, '--namespace', namespace, '--create-namespace', ...values);
  }

  async apply(...objects: object[]): Promise<void> {
    await this.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  }

  async get<T>(...what: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(['get', ...what, '-o', 'json'])) as T;
  }

  /** Runs the pod that the controllers of Kubernetes made of a Deployment of the release. */
  async run(
    namespace: string,
    component = 'all',
    more: Pick<PodSurroundings, 'secrets' | 'port'> = {},
  ): Promise<RunningPod> {
    const labels = `app.kubernetes.io/instance=ark,app.kubernetes.io/component=${component}`;
    let pod: PodObject | undefined;
    await eventually(async () => {
      pod = (await this.get<{ items: PodObject[] }>('pods', '-n', namespace, '-l', labels)).items[0];
      if (!pod) throw new Error('the Deployment has no pod yet');
    });
    const token = (await this.kubectl(['create', 'token', 'ark', '-n', namespace])).trim();
    const { authority, port: apiServerPort } = this.plane;
    // Not the machine's, which a pod of a cluster would not have, and where servers of the tests are.
    const podIp = '192.0.2.7';
    return RunningPod.start(pod as PodObject, { token, authority, apiServerPort, podIp, ...more });
  }

  /** Does what `helm test` does, with the pod of the release. */
  async helmTest(namespace: string): Promise<{ code: number; output: string }> {
    const [pod] = loadAll(await this.helm('get', 'hooks', 'ark', '--namespace', namespace)) as [PodObject];
    return runTestPod(pod, [`ark.${namespace}.svc`]);
  }

  /** Rights of the ServiceAccount of the release that it did not use, by the role that gives them. */
  async unused(namespace: string): Promise<Record<string, Right[]>> {
    const audit = this.audit(namespace);
    const grants = await this.granted(namespace);
    return Object.fromEntries(
      grants.map(({ role, rights, namespace: within }) => {
        const used = audit.used(within);
        return [role, rights.filter((right) => !used.has(right))];
      }),
    );
  }

  /** What the ServiceAccount of the release asked for. */
  audit(namespace: string): AuditLog {
    return new AuditLog(join(this.folder, 'audit.log'), `system:serviceaccount:${namespace}:ark`);
  }

  async stop(): Promise<void> {
    await this.plane.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async granted(namespace: string): Promise<Grant[]> {
    const { items } = await this.get<{ items: Binding[] }>('rolebindings,clusterrolebindings', '-A');
    const mine = items.filter(({ subjects }) =>
      subjects?.some((subject) => subject.name === 'ark' && subject.namespace === namespace),
    );
    return Promise.all(
      mine.map(async ({ metadata, roleRef }) => {
        const where = metadata.namespace ? ['-n', metadata.namespace] : [];
        const { rules } = await this.get<{ rules: Rule[] }>(roleRef.kind, roleRef.name, ...where);
        return { role: roleRef.name, namespace: metadata.namespace, rights: rightsIn(rules) };
      }),
    );
  }

  private async succeed(program: string, args: string[], input?: string): Promise<string> {
    const env = { KUBECONFIG: this.plane.kubeconfig, HOME: this.folder };
    const { code, stdout, stderr } = await run(program, args, { env, input });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  }
}
