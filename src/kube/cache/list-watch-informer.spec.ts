import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unavailable } from '../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../kit/resource/object.js';
import { StatusError } from '../api-server/status.js';
import type { Informer } from './informer.js';
import { ResourceCache } from './resource-cache.js';
import { ScriptedApiServer, type ScriptedWatch } from './testing/scripted-api-server.js';

const TYPE = { group: 'example.com', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };

function thing(name: string, version: number, labels: Record<string, string> = {}, uid = name): UntypedObject {
  const metadata = { name, namespace: 'home', resourceVersion: String(version), uid, labels };
  return { apiVersion: 'example.com/v1', kind: 'Thing', metadata };
}

describe('An informer', () => {
  let server: ScriptedApiServer;
  let cache: ResourceCache;
  let things: Informer<UntypedObject>;
  let heard: string[];

  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets every promise that is due run; a turn of the event loop is enough, as nothing here does I/O. */
  const settle = async () => {
    for (let turns = 0; turns < 4; turns++) await turn();
  };
  const until = async (reached: () => boolean) => {
    while (!reached()) await turn();
  };
  const start = async (...present: UntypedObject[]) => {
    server.present = present;
    things = cache.informer<UntypedObject>(TYPE);
    things.onChange(({ key, current, previous }) => {
      const from = previous ? `${previous.metadata.resourceVersion}` : 'nothing';
      heard.push(`${key.name}: ${from} to ${current ? current.metadata.resourceVersion : 'nothing'}`);
    });
    await things.synced;
    await settle();
  };
  const watch = (): ScriptedWatch => server.watches.at(-1)!;

  beforeEach(() => {
    heard = [];
    server = new ScriptedApiServer();
    cache = new ResourceCache(server, { backOff: { first: 1, longest: 4 } });
  });
  afterEach(() => cache.close());

  it('holds what exists and follows from the version of the list', async () => {
    server.version = '7';
    await start(thing('a', 3), thing('b', 5));
    expect(things.list().map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(watch().options).toMatchObject({ resourceVersion: '7', allowWatchBookmarks: true });
    expect(heard).toEqual(['a: nothing to 3', 'b: nothing to 5']);
  });

  it('tells of each change after the copy has it', async () => {
    await start(thing('a', 1));
    const states: boolean[] = [];
    things.onChange(({ key, current }) => states.push(things.get(key) === current));
    watch().send('MODIFIED', thing('a', 2));
    watch().send('ADDED', thing('b', 3));
    watch().send('DELETED', thing('a', 4));
    await settle();
    expect(heard.slice(1)).toEqual(['a: 1 to 2', 'b: nothing to 3', 'a: 2 to nothing']);
    expect(states).toEqual([true, true, true, true]);
  });

  it('resumes from the last version it heard of, bookmarks too', async () => {
    await start();
    watch().send('ADDED', thing('a', 10));
    watch().send('BOOKMARK', thing('', 20));
    await settle();
    watch().end();
    await settle();
    expect(watch().options.resourceVersion).toBe('20');
    expect(server.lists).toHaveLength(1);
    expect(heard).toEqual(['a: nothing to 10']);
  });

  it('resumes after a broken connection and shows the error meanwhile', async () => {
    await start(thing('a', 1));
    server.refusals.push(...Array.from({ length: 3 }, () => unavailable('the line is dead')));
    watch().fail(unavailable('the line is dead'));
    await until(() => cache.health()[0]?.error !== undefined);
    // How many tries there were by now is up to the machine.
    const restarts = expect.any(Number);
    expect(cache.health()).toEqual([{ type: TYPE, synced: true, objects: 1, restarts, error: 'the line is dead' }]);
    await until(() => server.watches.length === 5);
    watch().send('MODIFIED', thing('a', 2));
    await settle();
    expect(cache.health()).toEqual([{ type: TYPE, synced: true, objects: 1, restarts: 4 }]);
    expect(server.lists).toHaveLength(1);
    expect(server.watches).toHaveLength(5);
  });

  it('lists again when its version has expired, and tells of what vanished', async () => {
    await start(thing('gone', 1), thing('same', 2), thing('changed', 3), thing('reborn', 4));
    heard = [];
    server.present = [thing('same', 2), thing('changed', 9), thing('reborn', 10, {}, 'another'), thing('new', 11)];
    server.version = '12';
    watch().fail(new StatusError('Expired', 'too old resource version'));
    await until(() => watch().options.resourceVersion === '12');
    expect(heard).toEqual([
      'gone: 1 to nothing',
      'changed: 3 to 9',
      'reborn: 4 to nothing',
      'reborn: nothing to 10',
      'new: nothing to 11',
    ]);
    expect(cache.health()[0]?.error).toBeUndefined();
  });

  it('never stops trying to list', async () => {
    server.present = new StatusError('Forbidden', 'things is forbidden');
    things = cache.informer<UntypedObject>(TYPE);
    await until(() => server.lists.length > 3);
    expect(cache.health()[0]).toMatchObject({ synced: false, error: 'things is forbidden' });
    server.present = [thing('a', 1)];
    await things.synced;
    expect(things.list()).toHaveLength(1);
  });

  it('empties itself when its kind is served no more', async () => {
    await start(thing('a', 1));
    server.present = new StatusError('NotFound', 'the server could not find the requested resource');
    watch().fail(new StatusError('NotFound', 'gone'));
    await until(() => heard.length === 2);
    expect(things.list()).toEqual([]);
    expect(heard).toEqual(['a: nothing to 1', 'a: 1 to nothing']);
  });

  it('is well again when a watch stays open, though nothing happens in it', async () => {
    await cache.close();
    cache = new ResourceCache(server, { backOff: { first: 1, longest: 4 }, shortWatchMs: 1 });
    server.refusals.push(new StatusError('TooManyRequests', 'storage is (re)initializing'));
    await start();
    await until(() => server.watches.length === 2);
    await until(() => cache.health().every(({ error }) => error === undefined));
    expect(server.watches).toHaveLength(2);
  });

  it('does not ask in a busy loop when each watch ends at once', async () => {
    await cache.close();
    cache = new ResourceCache(server, { backOff: { first: 1_000, longest: 1_000 } });
    await start();
    for (let turn = 0; turn < 5; turn++) {
      watch().end();
      await settle();
    }
    expect(server.watches).toHaveLength(1);
  });

  it('reads by namespace, by labels and by index', async () => {
    await start(thing('a', 1, { app: 'web' }), thing('b', 2, { app: 'db' }));
    things.addIndex('app', (object) => [object.metadata.labels?.app ?? '']);
    watch().send('MODIFIED', thing('b', 3, { app: 'web' }));
    watch().send('DELETED', thing('a', 4, { app: 'web' }));
    await settle();
    const names = (found: UntypedObject[]) => found.map(({ metadata }) => metadata.name);
    expect(names(things.byIndex('app', 'web'))).toEqual(['b']);
    expect(names(things.byIndex('app', 'db'))).toEqual([]);
    expect(names(things.list({ namespace: 'home', labels: { app: 'web' } }))).toEqual(['b']);
    expect(things.list({ namespace: 'away' })).toEqual([]);
    expect(() => things.addIndex('app', () => [])).toThrow('the index "app" exists already');
    expect(() => things.byIndex('colour', 'red')).toThrow('there is no index "colour"; known: app');
  });

  it('goes on when a listener fails', async () => {
    await start();
    things.onChange(() => {
      throw new Error('not my day');
    });
    watch().send('ADDED', thing('a', 2));
    await settle();
    expect(heard).toEqual(['a: nothing to 2']);
    expect(server.watches).toHaveLength(1);
  });

  it('tells nobody who has stopped listening', async () => {
    await start();
    const late: string[] = [];
    const stop = things.onChange(({ key }) => late.push(key.name));
    stop();
    watch().send('ADDED', thing('a', 2));
    await settle();
    expect(late).toEqual([]);
  });

  it('is shared by all who ask for its kind', async () => {
    await start();
    expect(cache.informer(TYPE)).toBe(things);
    expect(server.lists).toHaveLength(1);
  });

  it('lists one namespace when told to', async () => {
    await cache.close();
    cache = new ResourceCache(server, { namespace: 'home' });
    await start();
    expect(server.lists[0]?.namespace).toBe('home');
    expect(watch().options.namespace).toBe('home');
  });

  it('ends its watch when closed, and who still waits for it hears so', async () => {
    server.present = new StatusError('ServiceUnavailable', 'later');
    things = cache.informer<UntypedObject>(TYPE);
    await cache.close();
    await expect(things.synced).rejects.toMatchObject({ family: 'Canceled' });
    expect(() => cache.informer(TYPE)).toThrow('the cache is closed');
  });
});
