import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { describeWithHelm, type Rendered, rendered, set } from '../../harness/helm.js';
import { VALUE_SETS } from './value-sets.js';

interface PodsOf {
  spec: { template?: { spec: { containers: { envFrom?: object[] }[] } } };
}

const definitions = globSync('crds/*.yaml')
  .map((file) => load(readFileSync(file, 'utf8')) as { metadata: { name: string }; spec: object })
  .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** The generated rules change with the program; in the pictures stands where they come from. */
const generated = ['resources', 'own-namespace'].map((name) => {
  const file = `charts/ark/files/rbac/${name}.yaml`;
  const { rules } = load(readFileSync(file, 'utf8')) as { rules: object[] };
  return { file, text: JSON.stringify(rules) };
});
/** Dashboards are long, and a test of their figures looks at them. */
const dashboards = new Map(
  globSync('charts/ark/files/dashboards/*.json').map((file) => [readFileSync(file, 'utf8').trim(), file]),
);
function picture({ data, ...object }: Rendered & { rules?: unknown; data?: Record<string, string> }): string {
  const source = generated.find(({ text }) => text === JSON.stringify(object.rules));
  const shown = Object.entries(data ?? {}).map(([name, text]) => [name, dashboards.get(text.trim()) ?? text]);
  const whole = { ...object, ...(data ? { data: Object.fromEntries(shown) } : {}) };
  return dump(source ? { ...whole, rules: source.file } : whole, { lineWidth: 120 });
}

// After a change that is meant: node scripts/jest.mjs test/contract/chart -u, and read the difference.
describeWithHelm('what the chart renders', () => {
  it.each(Object.keys(VALUE_SETS))('is what was looked at last: %s', async (name) => {
    const objects = await rendered(...(VALUE_SETS[name] ?? []));
    expect(`\n${objects.map(picture).join('---\n')}`).toMatchSnapshot();
  });

  it('has the definitions of every kind, which outlive the release', async () => {
    const found = (await rendered()).filter(({ kind }) => kind === 'CustomResourceDefinition');
    const sorted = found.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    expect(sorted).toMatchObject(definitions.map(({ metadata, spec }) => ({ metadata, spec })));
    expect(sorted.every(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep')).toBe(true);
    const going = await rendered(...set('crds.keep=false'));
    expect(going.filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'])).toEqual([]);
  });

  it('asks for nothing beyond its namespace in namespaced mode', async () => {
    const values = VALUE_SETS['one namespace'] ?? [];
    const kinds = (await rendered(...values)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^Cluster|Definition$/.test(kind))).toEqual([]);
  });

  it.each(Object.keys(VALUE_SETS))('has no two objects of one name: %s', async (name) => {
    const names = (await rendered(...(VALUE_SETS[name] ?? []))).map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets entry points in from anywhere where callers are asked who they are, and from the namespace alone otherwise', async () => {
    const sources = async (...values: string[]) => {
      const objects = await rendered(...set('crds.install=false', ...values));
      const policy = objects.find(({ kind }) => kind === 'NetworkPolicy') as {
        spec?: { ingress: { from?: object }[] };
      };
      return policy.spec?.ingress[0]?.from;
    };
    const host = ['ingress.hosts[0].host=a.example.com', 'ingress.hosts[0].part=gateway'];
    expect(await sources()).toEqual([{ podSelector: {} }]);
    expect(await sources('ingress.enabled=true', ...host)).toBeUndefined();
    expect(await sources('service.type=LoadBalancer')).toBeUndefined();
    expect(await sources('auth.mode=none')).toEqual([{ podSelector: {} }]);
    expect(await sources('auth.mode=none', 'auth.acceptOpenDoors=true', 'service.type=NodePort')).toBeUndefined();
  });

  it('tests itself with a pod that gets its image and its node as the others do', async () => {
    const nodes = ['nodeSelector.pool=agents', 'tolerations[0].key=agents', 'tolerations[0].operator=Exists'];
    const objects = await rendered(...set('crds.install=false', 'imagePullSecrets[0]=pull', ...nodes));
    const template = { imagePullSecrets: [{ name: 'pull' }], nodeSelector: { pool: 'agents' } };
    const spec = { ...template, tolerations: [{ key: 'agents', operator: 'Exists' }] };
    expect(objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({ spec: { template: { spec } } });
    expect(objects.find(({ kind }) => kind === 'Pod')).toMatchObject({ spec });
  });

  it('has word of tasks on A2A servers sent to the part that takes it', async () => {
    const values = set('crds.install=false', 'layout=split', 'database.existingSecret.name=pg');
    const objects = await rendered(...values);
    const publicUrlOf = (name: string) => {
      const text = JSON.stringify(
        objects.find((object) => object.kind === 'Deployment' && object.metadata.name === name),
      );
      return /"ARK_PUBLIC_URL","value":"([^"]*)"/.exec(text)?.[1];
    };
    for (const name of ['ark-controller', 'ark-gateway', 'ark-api'])
      expect([name, publicUrlOf(name)]).toEqual([name, 'http://ark-api.agents.svc:80']);
    expect(publicUrlOf('ark-engine')).toBe('http://ark-engine.agents.svc:80');
  });

  it('lends the authority of a company to the step of npm, too', async () => {
    const volume = ['extraVolumes[0].name=company-ca', 'extraVolumes[0].configMap.name=company-ca'];
    const mount = ['extraVolumeMounts[0].name=company-ca', 'extraVolumeMounts[0].mountPath=/etc/company-ca'];
    const plugin = ['plugins[0].name=acme', 'plugins[0].npm=acme'];
    const objects = await rendered(...set('crds.install=false', ...volume, ...mount, ...plugin));
    const mounted = expect.arrayContaining([{ name: 'company-ca', mountPath: '/etc/company-ca' }]);
    const initContainers = [{ name: 'plugin-acme', volumeMounts: mounted }];
    expect(objects.find(({ kind }) => kind === 'Deployment')).toMatchObject({
      spec: { template: { spec: { initContainers } } },
    });
  });

  it('is published to a laptop alone by what the values for it say', () => {
    const local = readFileSync('charts/ark/examples/values-local.yaml', 'utf8');
    const guide = readFileSync('docs/guides/deploy-with-helm.md', 'utf8');
    const published = [local, guide].flatMap((text) => [...text.matchAll(/k3d cluster create .* -p (\S+)/g)]);
    expect(published.map(([, ports]) => ports)).toEqual(published.map(() => expect.stringMatching(/^127\.0\.0\.1:/)));
    expect(published).toHaveLength(2);
    const mappings = [...local.matchAll(/\{[^{}]*hostPort[^{}]*\}/g)].map(([mapping]) => mapping);
    expect(mappings).toEqual([expect.stringContaining('listenAddress: 127.0.0.1')]);
  });

  it('scales the parts that are asked to, and no other', async () => {
    const values = VALUE_SETS['parts of their own with everything on'] ?? [];
    const scaled = (await rendered(...values)).filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scaled.map(({ metadata }) => metadata.name).sort()).toEqual(['ark-api', 'ark-engine', 'ark-gateway']);
  });

  it('gives a release for one namespace no rules that a Role cannot grant', async () => {
    const objects = await rendered(...(VALUE_SETS['one namespace'] ?? []));
    expect(JSON.stringify(objects)).not.toContain('subjectaccessreviews');
    expect(JSON.stringify(await rendered(...set('crds.install=false')))).toContain('subjectaccessreviews');
  });

  it('shows the password of a database in its Secret alone', async () => {
    const values = set('database.url=postgres://ark:hunter2@db/ark', 'crds.install=false');
    const objects = await rendered(...values);
    const showing = objects.filter((object) => JSON.stringify(object).includes('hunter2'));
    expect(showing.map(({ kind }) => kind)).toEqual(['Secret']);
  });

  it('reads variables of OpenTelemetry from where Ark keeps them, if they are there', async () => {
    const sources = async (...values: string[]) => {
      const objects = (await rendered(...set('crds.install=false', ...values))) as (Rendered & PodsOf)[];
      return objects.find(({ kind }) => kind === 'Deployment')?.spec.template?.spec.containers[0]?.envFrom;
    };
    const named = { name: 'otel-environment-variables', optional: true };
    expect(await sources()).toEqual([{ configMapRef: named }, { secretRef: named }]);
    expect(await sources('otelEnvironment=', 'envFrom[0].secretRef.name=keys')).toEqual([
      { secretRef: { name: 'keys' } },
    ]);
    expect(await sources('otelEnvironment=')).toBeUndefined();
  });

  it('serves figures at a port of their own, which no Service publishes and which named namespaces may scrape', async () => {
    const published = set('auth.mode=token', 'service.type=LoadBalancer', 'serviceMonitor.enabled=true');
    const objects = await rendered(...published, ...set('metrics.allowNamespaces[0]=monitoring', 'crds.install=false'));
    const of = (kind: string, name = 'ark') =>
      objects.find((object) => object.kind === kind && object.metadata.name === name);
    const container = { env: expect.arrayContaining([{ name: 'ARK_METRICS_PORT', value: '9090' }]) };
    expect(of('Deployment')).toMatchObject({ spec: { template: { spec: { containers: [container] } } } });
    expect(of('Service')).toMatchObject({ spec: { type: 'LoadBalancer', ports: [{ name: 'http' }] } });
    expect(of('Service', 'ark-metrics')).toMatchObject({
      spec: { clusterIP: 'None', ports: [{ name: 'metrics', port: 9090, targetPort: 'metrics' }] },
    });
    expect(of('ServiceMonitor')).toMatchObject({ spec: { endpoints: [{ port: 'metrics' }] } });
    const monitoring = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } };
    // A Tool that names a pod of the release is called by a pod of the release.
    const others = ['app.kubernetes.io/name', 'app.kubernetes.io/instance'].map((key) => ({
      podSelector: { matchExpressions: [{ key, operator: 'NotIn', values: ['ark'] }] },
    }));
    expect(of('NetworkPolicy')).toMatchObject({
      spec: {
        ingress: expect.arrayContaining([{ ports: [{ port: 'metrics' }], from: [...others, monitoring] }]),
      },
    });
  });

  it('scrapes the doors with the key of a reader where figures have no port of their own', async () => {
    const values = set('metrics.port=null', 'auth.mode=token', 'serviceMonitor.enabled=true', 'crds.install=false');
    await expect(rendered(...values)).rejects.toThrow('set serviceMonitor.tokenSecret.name');
    const objects = await rendered(...values, ...set('serviceMonitor.tokenSecret.name=scraper'));
    const credentials = { name: 'scraper', key: 'key' };
    expect(objects.find(({ kind }) => kind === 'ServiceMonitor')).toMatchObject({
      spec: { endpoints: [{ port: 'http', authorization: { credentials } }] },
    });
    expect(JSON.stringify(objects)).not.toContain('ARK_METRICS_PORT');
  });
});
