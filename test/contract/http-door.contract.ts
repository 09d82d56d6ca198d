import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap, doorWithThings, JSON_TYPE, MAPS, THINGS, thing } from '../harness/door-things.js';
import type { EmbeddedDoor, HttpAsk } from '../harness/embedded-door.js';
import { eventually } from '../harness/eventually.js';

describe('the door of the embedded API server', () => {
  let door: EmbeddedDoor;
  const ask = (path: string, options?: HttpAsk) => door.ask(path, options);
  const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    ask(path, { method: 'POST', body, headers });

  beforeAll(async () => {
    door = await doorWithThings();
  });
  afterAll(async () => {
    await door.close();
  });

  describe('speaks the words of the API server:', () => {
    it.each<[string, HttpAsk & { path: string }, object]>([
      [
        'broken JSON',
        { path: MAPS, method: 'POST', body: '{bad', headers: JSON_TYPE },
        { code: 400, reason: 'BadRequest' },
      ],
      [
        'a wrong content type',
        { path: MAPS, method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } },
        { code: 415, reason: 'UnsupportedMediaType' },
      ],
      ['an unknown form', { path: MAPS, headers: { accept: 'text/html' } }, { code: 406, reason: 'NotAcceptable' }],
      [
        'an unknown kind',
        { path: '/apis/ex.io/v1/unicorns' },
        { code: 404, message: 'the server could not find the requested resource' },
      ],
      [
        'an absent object',
        { path: `${THINGS}/absent` },
        {
          code: 404,
          message: 'things.ex.io "absent" not found',
          details: { name: 'absent', group: 'ex.io', kind: 'things' },
        },
      ],
      ['a method that does not fit', { path: MAPS, method: 'PUT' }, { code: 405, reason: 'MethodNotAllowed' }],
      [
        'a version of another kind',
        { path: MAPS, method: 'POST', body: thing('x'), headers: JSON_TYPE },
        { code: 400, message: 'the API version in the data (ex.io/v1) does not match the expected API version (v1)' },
      ],
      [
        'another namespace',
        {
          path: THINGS,
          method: 'POST',
          body: thing('x', { metadata: { name: 'x', namespace: 'other' } }),
          headers: JSON_TYPE,
        },
        { code: 400, message: 'the namespace of the provided object does not match the namespace sent on the request' },
      ],
      [
        'another name',
        { path: `${THINGS}/present`, method: 'PUT', body: thing('other'), headers: JSON_TYPE },
        { code: 400, message: 'the name of the object (other) does not match the name on the URL (present)' },
      ],
      [
        'a strategic patch of a custom resource',
        {
          path: `${THINGS}/present`,
          method: 'PATCH',
          body: '{}',
          headers: { 'content-type': 'application/strategic-merge-patch+json' },
        },
        { code: 415 },
      ],
      ['a garbage limit', { path: `${THINGS}?limit=abc` }, { code: 400 }],
      ['a garbage version', { path: `${THINGS}?resourceVersion=abc` }, { code: 400 }],
      [
        'a version from the future',
        { path: `${THINGS}?resourceVersion=999999999` },
        { code: 504, message: expect.stringContaining('Too large resource version') },
      ],
      ['a garbage continue token', { path: `${THINGS}?continue=zzz` }, { code: 400 }],
      [
        'apply without a manager',
        {
          path: `${THINGS}/x`,
          method: 'PATCH',
          body: '{}',
          headers: { 'content-type': 'application/apply-patch+yaml' },
        },
        {
          code: 422,
          message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        },
      ],
      [
        'force without apply',
        {
          path: `${THINGS}/present?force=true`,
          method: 'PATCH',
          body: '{}',
          headers: { 'content-type': 'application/merge-patch+json' },
        },
        { code: 422 },
      ],
      [
        'an unknown policy',
        { path: `${THINGS}/present`, method: 'DELETE', body: '{"propagationPolicy":"Foo"}', headers: JSON_TYPE },
        { code: 422 },
      ],
      [
        'an unknown dry run',
        { path: `${MAPS}?dryRun=Foo`, method: 'POST', body: configMap('x'), headers: JSON_TYPE },
        {
          code: 422,
          message:
            'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Foo"]: supported values: "All"',
        },
      ],
    ])('%s', async (_, { path, ...options }, status) => {
      const answer = await ask(path, options);
      expect(answer.json()).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...status });
      expect(answer.json().code).toBe(answer.code);
    });

    it('duplicate fields are refused when strict, warned about otherwise', async () => {
      const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}';
      const strict = await post(`${MAPS}?fieldValidation=Strict&dryRun=All`, body);
      expect(strict.json().message).toBe(
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
      );
      const warned = await post(`${MAPS}?dryRun=All`, body);
      expect([warned.code, warned.headers.warning]).toEqual([201, '299 - "duplicate field \\"data.a\\""']);
    });
  });

  describe('gives objects in the form that was asked for:', () => {
    const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

    it('as YAML, as metadata alone and as pages', async () => {
      expect((await ask(`${THINGS}/present`, { headers: { accept: 'application/yaml' } })).text).toContain(
        'kind: Thing\n',
      );
      const partial = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
      expect((await ask(THINGS, { headers: partial })).json()).toMatchObject({
        kind: 'PartialObjectMetadataList',
        items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'present' } }],
      });
      const first = (await ask('/api/v1/namespaces?limit=1')).json() as {
        items: object[];
        metadata: { continue: string };
      };
      expect(first.items).toHaveLength(1);
      const second = await ask(`/api/v1/namespaces?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`);
      expect(second.json().items).not.toEqual(first.items);
    });

    it('big lists are compressed for those who ask', async () => {
      for (let at = 0; at < 4; at++) await post(MAPS, configMap(`large-${at}`, { k: 'x'.repeat(64 * 1024) }));
      const packed = await ask(MAPS, { headers: { 'accept-encoding': 'gzip' } });
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect((await ask(MAPS)).headers['content-encoding']).toBeUndefined();
    });

    it('watches start with the present objects, mark their end and tell changes', async () => {
      const path = `${THINGS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=2`;
      const watching = ask(path);
      const table = ask(path, { headers: TABLE });
      await eventually(async () => expect((await post(`${THINGS}`, thing('seen'))).code).toBeLessThan(500));
      const headers = { 'content-type': 'application/merge-patch+json' };
      await ask(`${THINGS}/seen`, { method: 'PATCH', headers, body: '{"spec":{"replicas":2}}' });
      await ask(`${THINGS}/seen`, { method: 'DELETE' });
      const lines = (await watching).text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as WatchLine);
      expect(lines[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'present' } } });
      expect(
        lines.filter((line) => line.object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true'),
      ).toHaveLength(1);
      const seen = lines.filter((line) => line.object.metadata.name === 'seen').map((line) => line.type);
      expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      const tables = (await table).text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { object: { kind: string; columnDefinitions: unknown } });
      expect(tables.map((line) => line.object.kind)).toEqual(tables.map(() => 'Table'));
      expect(tables.filter((line) => line.object.columnDefinitions)).toHaveLength(1);
    });

    it('a version that is no longer known is told inside the watch', async () => {
      const answer = await ask(`${THINGS}?watch=1&resourceVersion=999999999&timeoutSeconds=1`);
      expect(answer.code).toBe(200);
      expect(answer.json()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    });

    it('documents that did not change are not sent again', async () => {
      const first = await ask('/openapi/v3');
      const etag = String(first.headers.etag);
      expect((await ask('/openapi/v3', { headers: { 'if-none-match': etag } })).code).toBe(304);
      const { paths } = first.json() as { paths: Record<string, { serverRelativeURL: string }> };
      const document = await ask(paths['apis/ex.io/v1']!.serverRelativeURL);
      expect(document.json()).toMatchObject({ openapi: '3.0.0', components: { schemas: { 'io.ex.v1.Thing': {} } } });
    });
  });

  it('is understood by the client library', async () => {
    const { CustomObjectsApi, KubeConfig, Watch } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(door.kubeconfig);
    expect(config.getCurrentContext()).toBe('nest-ark');
    const custom = config.makeApiClient(CustomObjectsApi);
    const things = { group: 'ex.io', version: 'v1', namespace: 'default', plural: 'things' };
    const listed = (await custom.listNamespacedCustomObject(things)) as { items: { metadata: { name: string } }[] };
    expect(listed.items.map((item) => item.metadata.name)).toContain('present');
    const heard: string[] = [];
    const controller = await new Watch(config).watch(
      THINGS,
      {},
      (type: string, object: { metadata: { name: string } }) => heard.push(`${type} ${object.metadata.name}`),
      () => {},
    );
    await custom.createNamespacedCustomObject({ ...things, body: JSON.parse(thing('from-client')) as object });
    await eventually(() => expect(heard).toEqual(expect.arrayContaining(['ADDED present', 'ADDED from-client'])));
    controller.abort();
    await custom.deleteNamespacedCustomObject({ ...things, name: 'from-client' });
  });
});

interface WatchLine {
  type: string;
  object: { metadata: { name?: string; annotations?: Record<string, string> } };
}
