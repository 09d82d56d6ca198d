import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../kit/resource/object.js';
import { StatusError } from '../../api-server/status.js';
import { EmbeddedApiServer } from '../embedded-api-server.js';
import { THINGS, thing, thingDefinition } from '../testing/things.js';

const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const NAMESPACES = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
const at = (name: string) => ({ namespace: 'default', name });

describe('the life of objects', () => {
  let server: EmbeddedApiServer;
  beforeEach(async () => {
    server = await EmbeddedApiServer.open({
      dataDir: ':memory:',
      customResources: [thingDefinition()],
      admissions: [],
    });
  });
  afterEach(() => server.close());

  const child = (name: string, owners: UntypedObject[], block = false): UntypedObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'default',
      ownerReferences: owners.map((owner) => ({
        apiVersion: owner.apiVersion,
        kind: owner.kind,
        name: owner.metadata.name,
        uid: owner.metadata.uid!,
        ...(block ? { blockOwnerDeletion: true } : {}),
      })),
    },
  });

  /** Resolves when the object is gone; a watch tells, so nothing polls. */
  async function gone(type: typeof THINGS, key: { namespace?: string; name: string }): Promise<void> {
    const signal = AbortSignal.timeout(5_000);
    const { resourceVersion } = (await server.list(type)).metadata;
    try {
      await server.get(type, key);
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) return;
      throw error;
    }
    for await (const event of server.watch(type, { resourceVersion, signal })) {
      if (event.type === 'DELETED' && event.object.metadata.name === key.name) return;
    }
    throw new Error(`${key.name} is still there`);
  }

  it('deletes a child with its owner', async () => {
    const owner = await server.create(THINGS, thing('owner', {}));
    await server.create(CONFIG_MAPS, child('child', [owner]));
    await server.delete(THINGS, at('owner'));
    await gone(CONFIG_MAPS, at('child'));
  });

  it('keeps a child that has another owner, and forgets the dead one', async () => {
    const [one, two] = [await server.create(THINGS, thing('one', {})), await server.create(THINGS, thing('two', {}))];
    const signal = AbortSignal.timeout(5_000);
    const { metadata } = await server.create(CONFIG_MAPS, child('child', [one, two]));
    await server.delete(THINGS, at('one'));
    for await (const event of server.watch(CONFIG_MAPS, { resourceVersion: metadata.resourceVersion, signal })) {
      expect(event.object.metadata.ownerReferences?.map((owner) => owner.name)).toEqual(['two']);
      break;
    }
    expect(signal.aborted).toBe(false);
  });

  it('deletes an object that is created for an owner who never was', async () => {
    const nobody = thing('nobody', {});
    nobody.metadata.uid = 'never';
    await server.create(CONFIG_MAPS, child('child', [nobody]));
    await gone(CONFIG_MAPS, at('child'));
  });

  it('lets children go free when the owner is deleted as an orphaning parent', async () => {
    const owner = await server.create(THINGS, thing('owner', {}));
    await server.create(CONFIG_MAPS, child('child', [owner]));
    await server.delete(THINGS, at('owner'), { propagationPolicy: 'Orphan' });
    await gone(THINGS, at('owner'));
    expect((await server.get(CONFIG_MAPS, at('child'))).metadata.ownerReferences).toBeUndefined();
  });

  it('deletes blocking children before the owner in the foreground', async () => {
    const owner = await server.create(THINGS, thing('owner', {}));
    const kept = child('child', [owner], true);
    kept.metadata.finalizers = ['ex.io/wait'];
    await server.create(CONFIG_MAPS, kept);
    await server.delete(THINGS, at('owner'), { propagationPolicy: 'Foreground' });
    expect((await server.get(THINGS, at('owner'))).metadata.finalizers).toEqual(['foregroundDeletion']);
    const release = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
    await server.patch(CONFIG_MAPS, at('child'), release);
    await gone(THINGS, at('owner'));
    await gone(CONFIG_MAPS, at('child'));
  });

  it('removes a namespace after everything in it, and lets nothing new in', async () => {
    await server.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    const held = thing('held', {}, 'team');
    held.metadata.finalizers = ['ex.io/wait'];
    await server.create(THINGS, held);
    await server.create(THINGS, thing('free', {}, 'team'));
    await server.delete(NAMESPACES, { name: 'team' });
    expect(await server.get(NAMESPACES, { name: 'team' })).toMatchObject({ status: { phase: 'Terminating' } });
    await gone(THINGS, { namespace: 'team', name: 'free' });
    await expect(server.create(THINGS, thing('late', {}, 'team'))).rejects.toMatchObject({ statusReason: 'Forbidden' });
    const release = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
    await server.patch(THINGS, { namespace: 'team', name: 'held' }, release);
    await gone(NAMESPACES, { name: 'team' });
  });

  it('removes a definition after the objects of its kind', async () => {
    const held = thing('held', {});
    held.metadata.finalizers = ['ex.io/wait'];
    await server.create(THINGS, held);
    await server.delete(DEFINITIONS, { name: 'things.ex.io' });
    expect(server.catalogue.find('ex.io', 'v1', 'things')).toBeDefined();
    const release = { type: 'merge' as const, body: { metadata: { finalizers: null } } };
    await server.patch(THINGS, at('held'), release);
    await gone(DEFINITIONS, { name: 'things.ex.io' });
    expect(server.catalogue.find('ex.io', 'v1', 'things')).toBeUndefined();
  });

  it('keeps an object until its last finalizer is taken away', async () => {
    const held = thing('held', {});
    held.metadata.finalizers = ['ex.io/a', 'ex.io/b'];
    await server.create(THINGS, held);
    await server.delete(THINGS, at('held'));
    expect((await server.get(THINGS, at('held'))).metadata).toMatchObject({
      deletionGracePeriodSeconds: 0,
      generation: 2,
    });
    await server.patch(THINGS, at('held'), { type: 'merge', body: { metadata: { finalizers: ['ex.io/b'] } } });
    await server.patch(THINGS, at('held'), { type: 'merge', body: { metadata: { finalizers: [] } } });
    await expect(server.get(THINGS, at('held'))).rejects.toMatchObject({ statusReason: 'NotFound' });
  });

  it('refuses to delete the default namespace', async () => {
    await expect(server.delete(NAMESPACES, { name: 'default' })).rejects.toMatchObject({ statusReason: 'Forbidden' });
  });
});
