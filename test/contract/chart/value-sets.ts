import { set } from '../../harness/helm.js';

const DATABASE = 'database.existingSecret.name=pg';
const PLUGINS = set(
  'plugins[0].name=copied,plugins[0].image=registry.example.com/acme:1.4.0',
  'plugins[1].name=mounted,plugins[1].volume.configMap.name=acme',
  'plugins[2].name=installed,plugins[2].npm=@acme/engines@1.4.0',
  'plugins[3].name=newest,plugins[3].npm=acme',
);

/** The main ways to install, by name, without the CRDs, which are the same in all of them. */
export const VALUE_SETS: Record<string, string[]> = {
  defaults: set('crds.install=false'),
  'a laptop': ['--values', 'charts/ark/examples/values-local.yaml', ...set('crds.install=false')],
  'a company': [
    ...['--values', 'charts/ark/examples/values-production.yaml'],
    // A control plane without a company has no other namespace.
    ...set('crds.install=false', 'dashboards.namespace=default'),
  ],
  'one namespace': set(
    'crds.install=false',
    'namespaced=true',
    'persistence.enabled=false',
    'auth.adminTokenSecret.name=ark-admin',
  ),
  'callers of an issuer in their own name': [
    ...set('crds.install=false', 'auth.mode=token\\,oidc', 'auth.impersonation.enabled=true'),
    ...set('settings.ARK_OIDC_ISSUER=https://login.example.com', 'settings.ARK_OIDC_AUDIENCE=ark'),
    ...set('queryServiceAccounts.enabled=true', 'auth.auditLog=/data/audit.log', 'auth.rateLimit=600'),
    ...set('ingress.enabled=true', 'ingress.hosts[0].host=a.example.com', 'ingress.hosts[0].part=gateway'),
    ...set('ingress.tls[0].secretName=a-tls', 'ingress.tls[0].hosts[0]=a.example.com'),
    ...set('persistence.existingClaim=conversations', 'envFrom[0].secretRef.name=keys'),
    ...set('env[0].name=NODE_EXTRA_CA_CERTS', 'env[0].value=/etc/company-ca/ca.crt'),
    ...set('extraVolumes[0].name=company-ca', 'extraVolumes[0].configMap.name=company-ca'),
    ...set('extraVolumeMounts[0].name=company-ca', 'extraVolumeMounts[0].mountPath=/etc/company-ca'),
  ],
  'several pods with a database of the release': [
    ...set('crds.install=false', 'replicas=3', 'database.url=postgres://ark:secret@db:5432/ark'),
    ...['--set-string', 'settings.ARK_MAX_CONCURRENT_QUERIES=512'],
    ...set('gateway.persist=never', 'gateway.publicCards=true', 'auth.trustedProxies[0]=10.0.0.0/8'),
    ...set('gateway.provider.organization=Acme', 'gateway.provider.url=https://acme.example.com'),
  ],
  'parts of their own with everything on': [
    ...set('crds.install=false', 'layout=split', DATABASE, 'auth.acceptOpenDoors=true', 'autoscaling.enabled=true'),
    ...set('parts.controller.autoscaling.enabled=false', 'serviceMonitor.enabled=true', 'imagePullSecrets[0]=pull'),
    ...set('dashboards.enabled=true', 'dashboards.namespace=default'),
    ...set('ingress.enabled=true', 'ingress.hosts[0].host=a.example.com', 'ingress.hosts[0].part=gateway'),
    ...set('httpRoute.enabled=true', 'httpRoute.parentRefs[0].name=entry'),
    ...set('ingress.hosts[1].host=c.example.com', 'ingress.hosts[1].part=dashboard', 'dashboard.service.name=my-page'),
    ...set('httpRoute.hosts[0].host=b.example.com', 'httpRoute.hosts[0].part=api', 'dashboard.service.port=3000'),
    ...set('httpRoute.hosts[1].host=d.example.com', 'httpRoute.hosts[1].part=dashboard'),
    ...set('httpRoute.hosts[2].host=e.example.com', 'httpRoute.hosts[2].part=api'),
    ...set('networkPolicy.allowNamespaces[0]=mon'),
  ],
  plugins: [...set('crds.install=false'), ...PLUGINS],
};
