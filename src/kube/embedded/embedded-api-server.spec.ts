import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UntypedObject } from '../../kit/resource/object.js';
import type { WatchEvent } from '../api-server/api-server.js';
import { EmbeddedApiServer } from './embedded-api-server.js';
import { THINGS, thing, thingDefinition } from './testing/things.js';

describe('the embedded API server', () => {
  let server: EmbeddedApiServer;
  beforeEach(async () => {
    server = await EmbeddedApiServer.open({
      dataDir: ':memory:',
      customResources: [thingDefinition()],
      admissions: [],
    });
  });
  afterEach(() => server.close());

  it('keeps what was created', async () => {
    const created = await server.create(THINGS, thing('one', { model: 'abc' }));
    expect(created.metadata).toMatchObject({ name: 'one', namespace: 'default', generation: 1 });
    expect(await server.get(THINGS, created.metadata)).toEqual(created);
  });

  it('refuses a second object of one name', async () => {
    await server.create(THINGS, thing('one', { model: 'abc' }));
    await expect(server.create(THINGS, thing('one', { model: 'abc' }))).rejects.toMatchObject({
      statusReason: 'AlreadyExists',
      message: 'things.ex.io "one" already exists',
    });
  });

  it('refuses an update of an older version', async () => {
    const first = await server.create(THINGS, thing('one', { model: 'abc' }));
    await server.update(THINGS, { ...first, spec: { model: 'def' } });
    await expect(server.update(THINGS, { ...first, spec: { model: 'ghi' } })).rejects.toMatchObject({
      statusReason: 'Conflict',
    });
  });

  it('raises the generation for the spec and not for the status', async () => {
    const first = await server.create(THINGS, thing('one', { model: 'abc' }));
    const body = { status: { phase: 'fine' }, spec: { model: 'ignored' } };
    const second = await server.patch(THINGS, first.metadata, { type: 'merge', body }, { subresource: 'status' });
    expect(second).toMatchObject({ metadata: { generation: 1 }, spec: { model: 'abc' }, status: { phase: 'fine' } });
    const third = await server.patch(THINGS, first.metadata, { type: 'merge', body: { spec: { model: 'x' } } });
    expect(third).toMatchObject({ metadata: { generation: 2 }, spec: { model: 'x' }, status: { phase: 'fine' } });
  });

  it('does not raise the version for a write that changes nothing', async () => {
    const first = await server.create(THINGS, thing('one', { model: 'abc' }));
    const again = await server.patch(THINGS, first.metadata, { type: 'merge', body: { spec: { model: 'abc' } } });
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('shows a watcher what was there, what changed and what went', async () => {
    const stop = new AbortController();
    await server.create(THINGS, thing('one', { model: 'abc' }));
    const events: WatchEvent[] = [];
    const reading = (async () => {
      for await (const event of server.watch(THINGS, { signal: stop.signal })) {
        events.push(event);
        if (event.type === 'DELETED') return;
      }
    })();
    await server.patch(
      THINGS,
      { namespace: 'default', name: 'one' },
      { type: 'merge', body: { spec: { model: 'b' } } },
    );
    await server.delete(THINGS, { namespace: 'default', name: 'one' });
    await reading;
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    const versions = events.map((event) => Number(event.object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('tells a watcher of an unknown version to list again', () => {
    const signal = AbortSignal.timeout(1000);
    const open = () => server.watchStored(THINGS, { resourceVersion: '99999', signal });
    expect(open).toThrow(expect.objectContaining({ statusReason: 'Expired' }));
  });

  it('pages through a list as it was at the first page', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await server.create(THINGS, thing(name, { model: 'abc' }));
    const first = await server.list(THINGS, { limit: 2 });
    expect(first.metadata.remainingItemCount).toBe(2);
    await server.delete(THINGS, { namespace: 'default', name: 'c' });
    await server.create(THINGS, thing('e', { model: 'abc' }));
    const second = await server.list(THINGS, { limit: 2, continue: first.metadata.continue });
    expect(second.items.map((item: UntypedObject) => item.metadata.name)).toEqual(['c', 'd']);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it('lets one of many writers of the same version win', async () => {
    const first = await server.create(THINGS, thing('one', { model: 'abc' }));
    const writes = Array.from({ length: 10 }, (_, index) =>
      server.update(THINGS, { ...first, spec: { model: `m${index}` } }),
    );
    const results = await Promise.allSettled(writes);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
