import { expect } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/resource/object.js';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import { eventually } from '../../harness/eventually.js';
import { refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, NAMESPACE, SERVICE_ACCOUNT } from './widget.js';

const WAIT = { within: 30_000 };

underEveryJudge(
  'A namespace',
  (court) => {
    const object = (type: ResourceType, name: string, namespace = court.namespace) =>
      eventually(() => court.server.get(type, { namespace, name }), WAIT);
    const account = (namespace?: string) => object(SERVICE_ACCOUNT, 'default', namespace);

    court.it('has a ServiceAccount from the start, however old it is', async () => {
      for (const namespace of ['default', 'kube-system', court.namespace]) {
        expect((await account(namespace)).metadata).toMatchObject({ name: 'default', namespace });
      }
    });

    court.it('gets its ServiceAccount again when that is deleted', async () => {
      const { uid } = (await account()).metadata;
      await court.server.delete(SERVICE_ACCOUNT, court.key('default'));
      const again = await eventually(async () => {
        const found = await court.server.get(SERVICE_ACCOUNT, court.key('default'));
        return found.metadata.uid === uid ? null : found;
      }, WAIT);
      expect(again.metadata.name).toBe('default');
    });

    court.it('refuses a second ServiceAccount of that name, and lets the first be changed', async () => {
      await account();
      const metadata = { name: 'default', namespace: court.namespace };
      const wish: UntypedObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
      expect(await refusal(court.server.create(SERVICE_ACCOUNT, wish))).toMatchObject({
        statusReason: 'AlreadyExists',
      });
      const applied = { ...wish, metadata: { ...metadata, labels: { team: 'a' } } };
      const changed = await court.server.apply(SERVICE_ACCOUNT, applied, { fieldManager: 'contract' });
      expect(changed.metadata.labels).toEqual({ team: 'a' });
    });

    court.it('goes with what it was given', async () => {
      const name = `${court.namespace}-gone`;
      await court.server.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      await account(name);
      await court.server.delete(NAMESPACE, { name });
      const isGone = async (type: ResourceType, namespace?: string) =>
        (await refusal(court.server.get(type, { name: namespace ? 'default' : name, namespace }))).statusReason ===
        'NotFound';
      await eventually(() => isGone(NAMESPACE), WAIT);
      expect(await isGone(SERVICE_ACCOUNT, name)).toBe(true);
    });

    if (!court.judge.overHttp) return;

    court.it('holds the certificate that tells a client whom to trust, and puts it right', async () => {
      const name = 'kube-root-ca.crt';
      const { data, metadata } = await object(CONFIG_MAP, name);
      const certificate = (data as Record<string, string>)['ca.crt'];
      expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
      expect(metadata.annotations?.['kubernetes.io/description']).toMatch(/^Contains a CA bundle/);
      expect(await codeTrusting(court.http.address, certificate)).toBe(200);
      const restored = (uid?: string) =>
        eventually(async () => {
          const found = await court.server.get(CONFIG_MAP, court.key(name));
          const right = (found.data as Record<string, string>)['ca.crt'] === certificate;
          return right && found.metadata.uid !== uid ? found : null;
        }, WAIT);
      const body = { data: { 'ca.crt': 'nonsense' } };
      const broken = await court.server.patch(CONFIG_MAP, court.key(name), { type: 'merge', body });
      expect(broken.data).toEqual(body.data);
      await restored();
      await court.server.delete(CONFIG_MAP, court.key(name));
      await restored(metadata.uid);
    });
  },
  (judge) => judge.controllers,
);

/** The answer of an API server to a client that trusts one certificate alone. */
async function codeTrusting(address: string, ca: string | undefined): Promise<number> {
  const { Agent } = await import('undici');
  const agent = new Agent({ connect: { ca } });
  const answer = await agent.request({ origin: new URL(address).origin, path: '/version', method: 'GET' });
  await answer.body.dump();
  await agent.close();
  return answer.statusCode;
}
