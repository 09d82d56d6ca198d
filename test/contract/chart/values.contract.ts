import { expect, it } from '@jest/globals';
import { SETTING_DEFINITIONS, type SettingDefinition } from '../../../src/machinery/settings/definitions.js';
import { CHART, describeWithHelm, helm, rendered, set, template } from '../../harness/helm.js';

const DATABASE = 'database.existingSecret.name=pg';
const UNGUARDED = 'auth.mode=none';
const OIDC = ['auth.mode=oidc', 'settings.ARK_OIDC_ISSUER=https://login.example.com', 'settings.ARK_OIDC_AUDIENCE=ark'];
const OPEN = "opens a runtime that checks nobody's identity";

const dashboardAt = (entry: string) => [
  ...['auth.acceptOpenDoors=true', `${entry}.enabled=true`, `${entry}.hosts[0].host=d.example.com`],
  `${entry}.hosts[0].part=dashboard`,
];

describeWithHelm('the values of the chart', () => {
  it('have defaults that lint and render', async () => {
    expect(await helm('lint', '--strict', CHART)).toMatchObject({ code: 0 });
    expect(await template()).toContain('kind: Deployment');
  });

  it.each([
    ['a name that does not exist', ['replica=1'], 'replica'],
    ['an origin that is an address', ['auth.corsOrigins[0]=https://a.example/x'], 'corsOrigins'],
    ['every origin', ['auth.corsOrigins[0]=*'], 'corsOrigins'],
    ['an audit log beside the pod', ['auth.auditLog=audit.log'], 'auditLog'],
    ['a limit below nothing', ['auth.rateLimit=-1'], 'rateLimit'],
    ['names from claims that the cluster keeps for itself', ['auth.impersonation.prefix=system:'], 'prefix'],
    ['a name that does not exist further inside', ['image.repo=x'], 'repo'],
    ['a word where a number belongs', ['replicas=two'], 'replicas'],
    ['a layout nobody knows', ['layout=three'], 'layout'],
    ['a way to authenticate that this version lacks', ['auth.mode=sso'], 'mode'],
    ['a way to keep messages that nobody knows', ['gateway.persist=sometimes'], 'persist'],
    ['cards that are half public', ['gateway.publicCards=some'], 'publicCards'],
    ['a port that only root may use', ['containerPort=80'], 'containerPort'],
    ['a database that is not PostgreSQL', ['database.url=mysql://db/ark'], 'url'],
    ['a setting that the chart sets itself', ['settings.ARK_ROLES=api'], "'ARK_ROLES'"],
    ['a wait at the stop beside the value for it', ['settings.ARK_SHUTDOWN_TIMEOUT=90s'], "'ARK_SHUTDOWN_TIMEOUT'"],
    ['a port for figures beside the value for it', ['settings.ARK_METRICS_PORT=9090'], "'ARK_METRICS_PORT'"],
    ['an organization beside the value for it', ['settings.ARK_A2A_PROVIDER_NAME=x'], "'ARK_A2A_PROVIDER_NAME'"],
    ['a port for figures that only root may use', ['metrics.port=80'], 'port'],
    ['a setting that is none of the runtime', ['settings.PATH=x'], "'PATH'"],
    ['a setting among the other variables', ['env[0].name=ARK_LOG_LEVEL,env[0].value=debug'], 'env'],
    ['a plugin from nowhere', ['plugins[0].name=acme'], 'plugins'],
    ['a plugin from two places', ['plugins[0].name=acme,plugins[0].npm=acme,plugins[0].image=acme'], 'plugins'],
    ['a plugin with an option of npm for a package', ['plugins[0].name=acme,plugins[0].npm=--global'], 'npm'],
    ['a host for a part that has no door', ['ingress.hosts[0].host=x,ingress.hosts[0].part=controller'], 'part'],
    ['a dashboard on a port that is none', ['dashboard.service.port=0'], 'port'],
    ['less time to stop than the process takes', ['terminationGracePeriodSeconds=5'], 'terminationGracePeriodSeconds'],
  ])('refuse %s', async (_, values, named) => {
    const result = await helm('template', 'ark', CHART, ...set(...values));
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("don't meet the specifications of the schema");
    expect(result.stderr).toContain(named);
  });

  it.each([
    [['replicas=2'], 'replicas=2 needs PostgreSQL'],
    [['layout=split'], 'layout=split needs PostgreSQL'],
    [['autoscaling.enabled=true'], 'autoscaling to 4 pods needs PostgreSQL'],
    [['database.url=postgres://x/y', DATABASE], 'are both set'],
    [[UNGUARDED, 'service.type=NodePort'], `service.type=NodePort ${OPEN}`],
    [[UNGUARDED, 'networkPolicy.enabled=false'], `networkPolicy.enabled=false ${OPEN}`],
    [[UNGUARDED, 'networkPolicy.allowNamespaces[0]=x'], `networkPolicy.allowNamespaces ${OPEN}`],
    [[UNGUARDED, 'ingress.enabled=true', 'httpRoute.enabled=true'], `httpRoute.enabled=true ${OPEN}`],
    [['ingress.enabled=true'], 'at least one entry in ingress.hosts'],
    [['httpRoute.enabled=true'], 'httpRoute.parentRefs'],
    [['gateway.provider.organization=Acme'], 'needs both organization and url'],
    [['namespaced=true'], 'set auth.adminTokenSecret.name=ark-admin'],
    [[UNGUARDED, 'auth.adminTokenSecret.name=a'], 'asks nobody for a token'],
    [['metrics.port=8080'], 'metrics.port and containerPort are both 8080'],
    [['layout=split', DATABASE, 'replicas=3'], 'replicas=3 counts in layout=one: set parts.controller.replicas'],
    [dashboardAt('ingress'), 'the host d.example.com has part: dashboard, and no dashboard is named'],
    [dashboardAt('httpRoute'), 'set dashboard.service.name (and port)'],
    [['auth.mode=oidc'], 'set settings.ARK_OIDC_ISSUER and settings.ARK_OIDC_AUDIENCE'],
    [['auth.mode=token\\,oidc', 'settings.ARK_OIDC_ISSUER=https://i'], 'set settings.ARK_OIDC_AUDIENCE,'],
    [OIDC, 'nobody would have a role'],
    [[...OIDC, 'auth.mode=token\\,oidc', 'namespaced=true'], 'or set auth.adminTokenSecret.name'],
    [['settings.ARK_GATEWAY_PORT=door'], 'no port of the pod, no Service and no NetworkPolicy leads to it'],
    [['settings.ARK_API_KEY=x'], 'settings.ARK_API_KEY would stand in clear in the Deployment'],
    [['plugins[0].name=a,plugins[0].npm=a,plugins[1].name=a,plugins[1].npm=b'], 'two plugins are called a'],
    [['autoscaling.enabled=true', DATABASE, 'autoscaling.minReplicas=5'], 'minReplicas=5 is more than maxReplicas=4'],
    [
      ['layout=split', DATABASE, 'parts.api.autoscaling.enabled=true', 'parts.api.autoscaling.minReplicas=5'],
      'minReplicas=5 is more than maxReplicas=4 for ark-api',
    ],
  ])('that cannot work are refused in plain words: %j', async (values, words) => {
    const result = await helm('template', 'ark', CHART, ...set(...values));
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
  });

  // Whoever may read Deployments is not meant to read these.
  it.each(Object.values<SettingDefinition<unknown>>(SETTING_DEFINITIONS).filter(({ secret }) => secret))(
    'have a place in a Secret for $env, and take it nowhere else',
    async ({ env }) => {
      const result = await helm('template', 'ark', CHART, ...set(`settings.${env}=x`));
      expect(result).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`settings.${env} would stand in clear`),
      });
      const value = /set (\S+\.name) to a Secret/.exec(result.stderr)?.[1];
      const object = (await rendered(...set(`${value}=kept`))).find(({ kind }) => kind === 'Deployment');
      const variable = { name: env, valueFrom: { secretKeyRef: { name: 'kept', key: expect.any(String) } } };
      const container = { env: expect.arrayContaining([variable]) };
      expect(object).toMatchObject({ spec: { template: { spec: { containers: [container] } } } });
    },
  );

  it.each([
    [['replicas=3', DATABASE]],
    [['layout=split', DATABASE]],
    [['service.type=NodePort']],
    [['namespaced=true', UNGUARDED]],
    [[UNGUARDED, 'service.type=NodePort', 'auth.acceptOpenDoors=true']],
    [[...OIDC, 'settings.ARK_OIDC_ROLES=platform=admin']],
    [[...OIDC, 'auth.impersonation.enabled=true']],
    [[...OIDC, 'auth.mode=token\\,oidc']],
    [[...OIDC, 'auth.adminTokenSecret.name=ark-admin']],
    [['auth.mode=oidc', 'envFrom[0].configMapRef.name=issuer']],
  ])('that can work are taken: %j', async (values) => {
    expect(await template(...set(...values))).toContain('kind: Deployment');
  });

  it('for a company let through what the doors take, and answers as late as they come', async () => {
    const values = ['--values', 'charts/ark/examples/values-production.yaml', ...set('crds.install=false')];
    const ingress = (await rendered(...values)).find(({ kind }) => kind === 'Ingress');
    const words = ingress?.metadata.annotations ?? {};
    const longest = Number(SETTING_DEFINITIONS.a2aDefaultTimeoutSeconds.default);
    expect(Number(words['nginx.ingress.kubernetes.io/proxy-read-timeout'])).toBeGreaterThan(longest);
    // nginx counts as the doors do: `m` is a MiB.
    expect(words['nginx.ingress.kubernetes.io/proxy-body-size']).toBe('10m');
  });
});
