import { expect } from '@jest/globals';
import type { KubeObject, OwnerReference } from '../../../src/kit/resource/object.js';
import type { DeleteOptions } from '../../../src/kube/api-server/api-server.js';
import { eventually } from '../../harness/eventually.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, NAMESPACE, type Widget } from './widget.js';

const HOLD = 'contract.example.com/hold';
/** A garbage collector of a cluster works on a schedule of its own. */
const SOON = { every: 100 };

function held(court: Court, name = court.name()): Promise<Widget> {
  const wish = court.widget(name);
  wish.metadata.finalizers = [HOLD];
  return court.server.create(court.type, wish);
}

function release(court: Court, name: string): Promise<Widget> {
  const patch = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
  return court.server.patch<Widget>(court.type, court.key(name), patch);
}

underEveryJudge('Finalizers', (court) => {
  court.it('keep a deleted object until the last is gone', async () => {
    const made = await held(court);
    const { name } = made.metadata;
    await court.server.delete(court.type, court.key(name));
    const dying = await court.read(name);
    expect(dying.metadata.deletionTimestamp).toMatch(/Z$/);
    expect(dying.metadata.deletionGracePeriodSeconds).toBe(0);
    expect(dying.metadata.generation).toBe(2);
    await release(court, name);
    await court.gone(name);
  });

  court.it('let a dying object be deleted again without a change', async () => {
    const { name } = (await held(court)).metadata;
    await court.server.delete(court.type, court.key(name));
    const dying = await court.read(name);
    await court.server.delete(court.type, court.key(name));
    expect((await court.read(name)).metadata.resourceVersion).toBe(dying.metadata.resourceVersion);
    await release(court, name);
  });

  court.it('cannot be added to a dying object', async () => {
    const { name } = (await held(court)).metadata;
    await court.server.delete(court.type, court.key(name));
    const patch = { type: 'merge' as const, body: { metadata: { finalizers: [HOLD, `${HOLD}-more`] } } };
    const error = await refusal(court.server.patch(court.type, court.key(name), patch));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted',
    );
    await release(court, name);
  });

  court.it('leave a dying object open to its last words', async () => {
    const { name } = (await held(court)).metadata;
    await court.server.delete(court.type, court.key(name));
    const dying = await court.read(name);
    const wish = { ...dying, status: { phase: 'Leaving' } };
    const told = await court.server.update<Widget>(court.type, wish, { subresource: 'status' });
    expect(told.status).toEqual({ phase: 'Leaving' });
    await release(court, name);
  });

  court.it('are names with a domain', async () => {
    const wish = court.widget(court.name());
    wish.metadata.finalizers = ['not valid!'];
    expect(await refusal(court.server.create(court.type, wish))).toMatchObject({ statusReason: 'Invalid', code: 422 });
  });
});

underEveryJudge(
  'Owners',
  (court) => {
    const child = async (...owners: KubeObject[]) => {
      const wish = court.widget(court.name('child'));
      wish.metadata.ownerReferences = owners.map(reference);
      await court.server.create(court.type, wish);
      return wish.metadata.name;
    };
    const remove = (object: KubeObject, propagationPolicy?: DeleteOptions['propagationPolicy']) =>
      court.server.delete(court.type, court.key(object.metadata.name), { propagationPolicy });

    court.it('take their children with them', async () => {
      const owner = await court.create();
      const name = await child(owner);
      const grandchild = await child(await court.read(name));
      await remove(owner);
      await court.gone(name, 45_000);
      await court.gone(grandchild, 45_000);
    });

    const goesWith = async (within: number) => {
      const owner = await court.create();
      const name = await child(owner);
      await remove(owner);
      await court.gone(name, within);
    };
    court.onlyReal('the moment of garbage collection', {
      real: () => goesWith(45_000),
      embedded: () => goesWith(20_000),
    });

    court.it('leave a child that has another owner, without the lost one', async () => {
      const [first, second] = [await court.create(), await court.create()];
      const name = await child(first, second);
      await remove(first);
      await eventually(async () => {
        const { ownerReferences } = (await court.read(name)).metadata;
        expect(ownerReferences).toEqual([reference(second)]);
      }, SOON);
    });

    court.it('wait for blocking children when deleted in the foreground', async () => {
      const owner = await court.create();
      const wish = court.widget(court.name('child'));
      wish.metadata.ownerReferences = [{ ...reference(owner), blockOwnerDeletion: true }];
      wish.metadata.finalizers = [HOLD];
      await court.server.create(court.type, wish);
      const { name } = wish.metadata;
      await eventually(async () => {
        // A collector that has not heard of the child yet would let the owner go at once.
        await remove(owner, 'Foreground');
        expect((await court.read(name)).metadata.deletionTimestamp).toBeDefined();
      }, SOON);
      const waiting = await court.read(owner.metadata.name);
      expect(waiting.metadata.finalizers).toEqual(['foregroundDeletion']);
      await release(court, name);
      await court.gone(name);
      await court.gone(owner.metadata.name, 45_000);
    });

    court.it('set their children free when told to orphan them', async () => {
      const owner = await court.create();
      const name = await child(owner);
      await remove(owner, 'Orphan');
      await court.gone(owner.metadata.name, 45_000);
      const free = await court.read(name);
      expect(free.metadata.ownerReferences ?? []).toEqual([]);
    });

    court.it('that never existed lose their children, too', async () => {
      const ghost = await court.create();
      await remove(ghost);
      await court.gone(ghost.metadata.name);
      const name = await child(ghost);
      await court.gone(name, 45_000);
    });

    court.it('of one kind take children of another kind', async () => {
      const owner = await court.create();
      const key = { name: court.name('c'), namespace: court.namespace };
      const metadata = { ...key, ownerReferences: [reference(owner)] };
      await court.server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      await remove(owner);
      await eventually(async () => {
        expect((await refusal(court.server.get(CONFIG_MAP, key))).statusReason).toBe('NotFound');
      }, SOON);
    });
  },
  (judge) => judge.controllers,
);

underEveryJudge(
  'Namespaces',
  (court) => {
    const make = async () => {
      const name = `${court.namespace}-${court.name('ns')}`;
      const made = await court.server.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      expect(made).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
      return name;
    };
    const gone = (name: string) =>
      eventually(async () => {
        expect((await refusal(court.server.get(NAMESPACE, { name }))).statusReason).toBe('NotFound');
      }, SOON);

    court.it('carry their name as a label', async () => {
      const name = await make();
      const { metadata } = await court.server.get(NAMESPACE, { name });
      expect(metadata.labels).toEqual({ 'kubernetes.io/metadata.name': name });
      await court.server.delete(NAMESPACE, { name });
    });

    court.it('go with everything in them', async () => {
      const namespace = await make();
      const wish = court.widget('inside');
      wish.metadata.namespace = namespace;
      await court.server.create(court.type, wish);
      await court.server.delete(NAMESPACE, { name: namespace });
      await gone(namespace);
      const error = await refusal(court.server.get(court.type, { namespace, name: 'inside' }));
      expect(error.statusReason).toBe('NotFound');
    });

    court.it('wait for what finalizers hold, and take nothing new in', async () => {
      const namespace = await make();
      const wish = court.widget('inside');
      Object.assign(wish.metadata, { namespace, finalizers: [HOLD] });
      await court.server.create(court.type, wish);
      await court.server.delete(NAMESPACE, { name: namespace });
      await eventually(async () => {
        const { metadata } = await court.server.get(court.type, { namespace, name: 'inside' });
        expect(metadata.deletionTimestamp).toBeDefined();
      }, SOON);
      expect(await court.server.get(NAMESPACE, { name: namespace })).toMatchObject({
        status: { phase: 'Terminating' },
      });
      const late = court.widget('late');
      late.metadata.namespace = namespace;
      const error = await refusal(court.server.create(court.type, late));
      expect(error).toMatchObject({ statusReason: 'Forbidden', code: 403 });
      expect(error.message).toBe(
        `widgets.${court.group} "late" is forbidden: unable to create new content in namespace ${namespace} because ` +
          'it is being terminated',
      );
      expect(error.statusDetails?.causes).toEqual([
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ]);
      const patch = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
      await court.server.patch(court.type, { namespace, name: 'inside' }, patch);
      await gone(namespace);
    });
  },
  (judge) => judge.controllers,
);

function reference(owner: KubeObject): OwnerReference {
  const { name, uid = '' } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid };
}
