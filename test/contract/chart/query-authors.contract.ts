import { expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/index.js';
import { isInForce } from '../../../src/runtime/rights/author-policy.js';
import { describeWithHelm, rendered, set } from '../../harness/helm.js';

describeWithHelm('the rights of others', () => {
  it('come with a policy about authors of Queries, installed as the program expects it', async () => {
    const objects = await rendered(...set('queryServiceAccounts.enabled=true', 'crds.install=false'));
    const find = (kind: string) => objects.find((object) => object.kind === kind) as unknown as UntypedObject;
    const policy = find('ValidatingAdmissionPolicy');
    expect(isInForce(policy, find('ValidatingAdmissionPolicyBinding'))).toBe(true);
    const setting = { name: 'ARK_QUERY_AUTHOR_POLICY', value: policy.metadata.name };
    expect(JSON.stringify(find('Deployment'))).toContain(JSON.stringify(setting));
  });

  it('leave what callers do written down, counted and closed to pages as the values say', async () => {
    const values = set('auth.mode=token', 'auth.auditLog=/data/audit.log', 'auth.rateLimit=0', 'crds.install=false');
    const objects = JSON.stringify(await rendered(...values, ...set('auth.corsOrigins={https://a.example,http://b}')));
    for (const [name, value] of [
      ['ARK_AUDIT_LOG', '/data/audit.log'],
      ['ARK_RATE_LIMIT', '0'],
      ['ARK_CORS_ORIGINS', 'https://a.example,http://b'],
    ]) {
      expect(objects).toContain(JSON.stringify({ name, value }));
    }
  });

  it('are none by default', async () => {
    const objects = JSON.stringify(await rendered(...set('crds.install=false')));
    for (const word of ['ValidatingAdmission', 'impersonate', 'ARK_QUERY_AUTHOR_POLICY']) {
      expect(objects).not.toContain(word);
    }
  });

  it('leaves the right to be others away unless callers are to act in their own name', async () => {
    const issuer = ['settings.ARK_OIDC_ISSUER=https://login.example.com', 'settings.ARK_OIDC_AUDIENCE=ark'];
    const values = set('auth.mode=oidc', ...issuer, 'auth.impersonation.enabled=true', 'crds.install=false');
    const roles = (await rendered(...values)).filter((object) => object.kind === 'ClusterRole');
    expect(roles.filter((role) => JSON.stringify(role).includes('impersonate'))).toHaveLength(1);
    await expect(rendered(...set('auth.impersonation.enabled=true', 'auth.mode=none'))).rejects.toThrow(
      'callers that are known',
    );
    await expect(
      rendered(...set('queryServiceAccounts.enabled=true', 'namespaced=true', 'auth.mode=none')),
    ).rejects.toThrow('needs a policy and rights in the whole cluster');
  });
});
