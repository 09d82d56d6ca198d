import { expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/index.js';
import { isInForce } from '../../../src/runtime/rights/author-policy.js';
import { describeWithHelm, rendered, set } from '../../harness/helm.js';

describeWithHelm('the policy about authors of Queries', () => {
  it('is installed as the program expects it, and the program is told its name', async () => {
    const objects = await rendered(...set('queryServiceAccounts.enabled=true', 'crds.install=false'));
    const find = (kind: string) => objects.find((object) => object.kind === kind) as unknown as UntypedObject;
    const policy = find('ValidatingAdmissionPolicy');
    expect(isInForce(policy, find('ValidatingAdmissionPolicyBinding'))).toBe(true);
    const setting = { name: 'ARK_QUERY_AUTHOR_POLICY', value: policy.metadata.name };
    expect(JSON.stringify(find('Deployment'))).toContain(JSON.stringify(setting));
  });

  it('is absent, with the rights that belong to it, unless it is wanted', async () => {
    const objects = JSON.stringify(await rendered(...set('crds.install=false')));
    for (const word of ['ValidatingAdmission', 'impersonate', 'ARK_QUERY_AUTHOR_POLICY']) {
      expect(objects).not.toContain(word);
    }
  });
});
