import { expect, it } from '@jest/globals';
import { describeWithHelm, notes, set } from '../../harness/helm.js';
import { VALUE_SETS } from './value-sets.js';

const INGRESS = ['ingress.enabled=true', 'ingress.hosts[0].host=a.example.com', 'ingress.hosts[0].part=gateway'];
const BOTH = [
  'auth.mode=token\\,oidc',
  'settings.ARK_OIDC_ISSUER=https://i.example.com',
  'settings.ARK_OIDC_AUDIENCE=ark',
];
const PROXIES = 'auth.trustedProxies';
const SCRAPERS = 'metrics.allowNamespaces';
const ROLES = 'settings.ARK_OIDC_ROLES';

describeWithHelm('the notes after an installation', () => {
  const said = (...values: string[]) => notes(...set('crds.install=false', ...values));

  it('name an entry point by the scheme it has', async () => {
    expect(await said(...INGRESS)).toContain('  http://a.example.com/ leads to the gateway');
    const tls = [...INGRESS, 'ingress.tls[0].secretName=a', 'ingress.tls[0].hosts[0]=a.example.com'];
    expect(await said(...tls)).toContain('  https://a.example.com/ leads to the gateway');
  });

  it('name the hosts of routes, and the gateways that lead there', async () => {
    const text = await notes(...(VALUE_SETS['parts of their own with everything on'] ?? []));
    expect(text).toContain('b.example.com/ leads to the api, through entry');
  });

  it.each([
    ['proxies that nobody said to believe', PROXIES, [...INGRESS], 'auth.trustedProxies[0]=10.0.0.0/8'],
    ['a Prometheus that the policy keeps out', SCRAPERS, ['serviceMonitor.enabled=true'], `${SCRAPERS}[0]=monitoring`],
    ['an issuer whose people are nobody', ROLES, [...BOTH], `${ROLES}=platform=admin`],
    ['an issuer whose people are nobody here', ROLES, [...BOTH], 'auth.impersonation.enabled=true'],
  ])('tell of %s, until that is said', async (_, value, values, answer) => {
    expect(await said(...values)).toContain(value);
    expect(await said(...values, answer)).not.toContain(value);
    expect(await said()).not.toContain(value);
  });

  it('of a company with everything have nothing to ask for', async () => {
    const text = await notes('--values', 'charts/ark/examples/values-production.yaml');
    for (const value of [PROXIES, SCRAPERS, ROLES]) expect(text).not.toContain(value);
    expect(text).toContain('https://agents.example.com/');
  });
});
