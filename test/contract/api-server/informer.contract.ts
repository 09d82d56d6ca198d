import { describe, expect, it } from '@jest/globals';
import { resourceType } from '../../../src/kit/index.js';
import { ResourceCache } from '../../../src/kube/cache/resource-cache.js';
import { RemoteApiServer } from '../../../src/kube/remote/remote-api-server.js';
import { Secret } from '../../../src/resources/core/secret.resource.js';
import { ControlPlane, controlPlaneBinaries } from '../../harness/control-plane.js';
import { eventually } from '../../harness/eventually.js';
import { underEveryJudge } from './court.js';
import { CONFIG_MAP, type Widget } from './widget.js';

underEveryJudge('A cache of an API server', (court) => {
  const withCache = async (body: (cache: ResourceCache) => Promise<void>) => {
    const cache = new ResourceCache(court.server, { namespace: court.namespace });
    try {
      await body(cache);
    } finally {
      await cache.close();
    }
  };

  court.it('holds what there is and follows what happens', async () => {
    const before = await court.create();
    await withCache(async (cache) => {
      const widgets = cache.informer<Widget>(court.type);
      await widgets.synced;
      expect(widgets.get(court.key(before.metadata.name))).toEqual(before);
      const heard: string[] = [];
      widgets.onChange(({ key, current, previous }) => {
        if (key.name === before.metadata.name) return;
        heard.push(`${key.name} ${previous ? 'was' : 'new'} ${current ? current.spec.size : 'gone'}`);
      });
      const made = await court.create();
      const { name } = made.metadata;
      await court.server.update(court.type, { ...made, spec: { size: 2 } });
      await court.server.delete(court.type, court.key(name));
      await eventually(() => {
        expect(heard.filter((line) => line.startsWith(name))).toEqual([
          `${name} new 1`,
          `${name} was 2`,
          `${name} was gone`,
        ]);
      });
      expect(widgets.get(court.key(name))).toBeUndefined();
    });
  });

  court.it('keeps no copy of what nobody asks for: the releases of Helm among the Secrets', async () => {
    const type = resourceType(Secret);
    const put = (name: string, kindOfSecret: string) =>
      court.server.create(type, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: court.namespace, name },
        type: kindOfSecret,
      } as Secret);
    const release = 'helm.sh/release.v1';
    await put('release-before', release);
    await put('key-before', 'Opaque');
    await withCache(async (cache) => {
      const secrets = cache.informer<Secret>(type);
      await secrets.synced;
      await put('release-after', release);
      await put('key-after', 'Opaque');
      await eventually(() => expect(secrets.get(court.key('key-after'))).toBeDefined());
      expect(secrets.get(court.key('key-before'))).toBeDefined();
      expect(secrets.list().filter((secret) => secret.type === release)).toEqual([]);
    });
    const names = ['release-before', 'key-before', 'release-after', 'key-after'];
    await Promise.all(names.map((name) => court.server.delete(type, court.key(name))));
  });

  court.it('follows a kind that is deleted and comes back', async () => {
    const definition = (await import('./widget.js')).widgetDefinition(court.group, 'comers', 'Comer');
    const type = { ...court.type, kind: 'Comer', plural: 'comers' };
    const comer = (name: string) => ({ ...court.widget(name), kind: 'Comer' });
    const { CRD } = await import('./widget.js');
    await court.define(definition, type);
    await court.server.create(type, comer('one'));
    await withCache(async (cache) => {
      const comers = cache.informer(type);
      await comers.synced;
      expect(comers.list()).toHaveLength(1);
      await court.server.delete(CRD, { name: definition.metadata.name });
      await eventually(() => expect(comers.list()).toEqual([]));
      await eventually(
        async () => {
          await court.define(definition, type);
          return true;
        },
        { every: 200 },
      );
      await court.server.create(type, comer('two'));
      await eventually(() => expect(comers.get(court.key('two'))).toBeDefined());
    });
    await court.server.delete(CRD, { name: definition.metadata.name });
  });
});

const binaries = controlPlaneBinaries();
(binaries ? describe : describe.skip)('A cache of a real API server', () => {
  it('resumes when the API server was killed and comes back', async () => {
    const plane = await ControlPlane.start(binaries!);
    const server = await RemoteApiServer.connect({ mode: 'kubeconfig', path: plane.kubeconfig });
    const cache = new ResourceCache(server, { backOff: { longest: 500 } });
    try {
      const configs = cache.informer(CONFIG_MAP);
      await configs.synced;
      const heard: string[] = [];
      configs.onChange(({ key, current }) => {
        if (key.namespace === 'default') heard.push(`${key.name} ${current ? 'there' : 'gone'}`);
      });
      const make = (name: string) =>
        server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
      await make('before');
      await eventually(() => expect(heard).toContain('before there'));
      await plane.killApiServer();
      await eventually(() => expect(cache.health()[0]?.error).toContain(server.address));
      await expect(make('meanwhile')).rejects.toMatchObject({ family: 'Unavailable' });
      await plane.up();
      await make('after');
      await server.delete(CONFIG_MAP, { name: 'before', namespace: 'default' });
      await eventually(() => expect(heard).toEqual(expect.arrayContaining(['after there', 'before gone'])));
      expect(heard.filter((line) => line === 'before there')).toHaveLength(1);
      expect(cache.health()[0]).toMatchObject({ synced: true });
      expect(cache.health()[0]?.error).toBeUndefined();
    } finally {
      await cache.close();
      await server.close();
      await plane.stop();
    }
  });
});
