import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/resource/object.js';
import { EmbeddedApiServer } from '../../../src/kube/embedded/embedded-api-server.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const open = (dataDir: string) => EmbeddedApiServer.open({ dataDir, customResources: [], admissions: [] });
const configMap = (name: string, text = 'x'): UntypedObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { text },
});

describe('the embedded store', () => {
  const folder = temporaryFolder();
  let path: string;
  beforeEach(() => {
    path = folder();
  });

  it('has everything again after a restart, and never gives a version twice', async () => {
    const first = await open(path);
    const kept = await first.create(CONFIG_MAPS, configMap('kept'));
    const gone = await first.create(CONFIG_MAPS, configMap('gone'));
    await first.delete(CONFIG_MAPS, gone.metadata);
    const before = Number((await first.list(CONFIG_MAPS)).metadata.resourceVersion);
    await first.close();

    const second = await open(path);
    expect((await second.list(CONFIG_MAPS)).items).toEqual([kept]);
    const next = await second.create(CONFIG_MAPS, configMap('next'));
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(before);
    await second.close();
  });

  it('lets go of a folder that it cannot open, for whoever mends it', async () => {
    await (await open(path)).close();
    const change = (sql: string) => {
      const rows = new DatabaseSync(join(path, 'objects.db'));
      rows.exec(sql);
      rows.close();
    };
    change("INSERT INTO objects VALUES ('/configmaps', 'x/y', 1, '{')");
    await expect(open(path)).rejects.toThrow('JSON');
    change("DELETE FROM objects WHERE key = 'x/y'");
    const broken = { customResources: [{ ...configMap('a'), kind: 'CustomResourceDefinition' }], admissions: [] };
    await expect(EmbeddedApiServer.open({ dataDir: path, ...broken })).rejects.toThrow();
    await (await open(path)).close();
  });

  it('has every answered write on the disk at once', async () => {
    const server = await open(path);
    const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all(names.map((name) => server.create(CONFIG_MAPS, configMap(name))));
    // What a crash at this moment would leave behind.
    const left = folder();
    cpSync(path, left, { recursive: true });
    const survivor = await open(left);
    expect((await survivor.list(CONFIG_MAPS)).items).toHaveLength(50);
    await survivor.close();
    await server.close();
  });

  it('tells a watcher from before a restart to list again, and one that missed nothing to go on', async () => {
    const first = await open(path);
    const old = (await first.list(CONFIG_MAPS)).metadata.resourceVersion;
    await first.create(CONFIG_MAPS, configMap('one'));
    const newest = (await first.list(CONFIG_MAPS)).metadata.resourceVersion;
    await first.close();
    const second = await open(path);
    const { signal } = new AbortController();
    expect(() => second.watchStored(CONFIG_MAPS, { resourceVersion: old, signal })).toThrow('too old resource version');
    expect(() => second.watchStored(CONFIG_MAPS, { resourceVersion: newest, signal })).not.toThrow();
    await second.close();
  });

  it('belongs to one process at a time, and says to which', async () => {
    const server = await open(path);
    await expect(open(path)).rejects.toThrow(`the data folder ${path} is in use by process ${process.pid}`);
    await server.close();
    await (await open(path)).close();
  });

  it('keeps its files from other users', async () => {
    const server = await open(path);
    for (const name of readdirSync(path)) {
      if (name.endsWith('.pid')) continue;
      expect([name, (statSync(join(path, name)).mode & 0o077).toString(8)]).toEqual([name, '0']);
    }
    await server.close();
  });

  it('finishes at start what a crash left half done', async () => {
    const first = await open(path);
    const owner = await first.create(CONFIG_MAPS, configMap('owner'));
    const child = configMap('child');
    const { uid, name } = owner.metadata;
    child.metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: uid! }];
    await first.create(CONFIG_MAPS, child);
    const deletion = first.delete(CONFIG_MAPS, owner.metadata);
    await deletion;
    await first.close();
    const second = await open(path);
    const { resourceVersion } = (await second.list(CONFIG_MAPS)).metadata;
    const signal = AbortSignal.timeout(5_000);
    const left = (await second.list(CONFIG_MAPS)).items;
    if (left.length > 0) {
      for await (const event of second.watch(CONFIG_MAPS, { resourceVersion, signal })) {
        if (event.type === 'DELETED') break;
      }
    }
    expect((await second.list(CONFIG_MAPS)).items).toEqual([]);
    await second.close();
  });
});
