import { readFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EmbeddedDoor, type HttpAnswer, type HttpAsk } from '../harness/embedded-door.js';
import { eventually } from '../harness/eventually.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const THINGS = '/apis/ex.io/v1/namespaces/default/things';
const JSON_TYPE = { 'content-type': 'application/json' };
/** Each property runs this often; the seed of a failure is printed and makes it repeatable. */
const RUNS = { numRuns: 150 };

const THING_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.ex.io' },
  spec: {
    group: 'ex.io',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer' },
                  list: { type: 'array', items: { type: 'string' } },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

const configMap = (name: string, data: Record<string, string> = {}) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const thing = (name: string, rest: object = {}) =>
  JSON.stringify({ apiVersion: 'ex.io/v1', kind: 'Thing', metadata: { name }, ...rest });

describe('the door of the embedded API server', () => {
  let door: EmbeddedDoor;
  const ask = (path: string, options?: HttpAsk) => door.ask(path, options);
  const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    ask(path, { method: 'POST', body, headers });

  beforeAll(async () => {
    door = await EmbeddedDoor.start();
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await post(definitions, JSON.stringify(THING_DEFINITION))).code).toBe(201);
    await eventually(async () => expect((await ask(THINGS)).code).toBe(200));
    expect((await post(THINGS, thing('present', { spec: { replicas: 1 } }))).code).toBe(201);
  });
  afterAll(() => door?.close());

  /** A refusal is a Status that says why; nothing is answered with a 5xx. */
  function expectSane(answer: HttpAnswer): void {
    expect(answer.code).toBeLessThan(500);
    if (answer.code < 400 || answer.code === 431 || answer.code === 408) return;
    expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: answer.code });
    expect((answer.json().message as string).length).toBeLessThan(4096);
  }

  async function expectAlive(): Promise<void> {
    expect((await ask('/readyz', { token: null })).text).toBe('ok');
    expect((await ask(`${THINGS}/present`)).code).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }

  describe('with whatever comes in,', () => {
    const paths = fc.constantFrom(
      MAPS,
      THINGS,
      `${THINGS}/present`,
      `${THINGS}/present/status`,
      `${THINGS}/present/scale`,
    );
    const types = fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/yaml',
        'application/vnd.kubernetes.protobuf',
        'application/merge-patch+json',
        'application/json-patch+json',
        'application/strategic-merge-patch+json',
        'application/apply-patch+yaml',
        '',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => text.trim()),
    );
    const writing = fc.constantFrom('POST', 'PUT', 'PATCH');

    afterAll(expectAlive);

    it('random bytes are answered', async () => {
      const bodies = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
      const magic = bodies.map((bytes) => Buffer.concat([Buffer.from('k8s\0'), bytes]));
      await fc.assert(
        fc.asyncProperty(writing, paths, types, fc.oneof(bodies, magic), async (method, path, type, body) => {
          expectSane(await ask(`${path}?fieldManager=f`, { method, body, headers: { 'content-type': type } }));
        }),
        RUNS,
      );
    });

    it('random JSON in every field is answered', async () => {
      const value = fc.jsonValue({ maxDepth: 4 });
      const envelope = fc.record(
        {
          apiVersion: fc.oneof(value, fc.constant('ex.io/v1')),
          kind: fc.oneof(value, fc.constant('Thing')),
          metadata: value,
          spec: value,
          status: value,
        },
        { requiredKeys: [] },
      );
      const near = fc.record({
        apiVersion: fc.constant('ex.io/v1'),
        kind: fc.constant('Thing'),
        metadata: fc.record(
          {
            name: fc.oneof(fc.constant('present'), value),
            namespace: value,
            labels: value,
            annotations: value,
            finalizers: value,
            ownerReferences: value,
            managedFields: value,
            resourceVersion: value,
            uid: value,
            generateName: value,
            creationTimestamp: value,
            deletionTimestamp: value,
          },
          { requiredKeys: ['name'] },
        ),
        spec: fc.record({ replicas: value, list: value, free: value }, { requiredKeys: [] }),
        status: value,
      });
      await fc.assert(
        fc.asyncProperty(writing, paths, types, fc.oneof(value, envelope, near), async (method, path, type, body) => {
          const headers = { 'content-type': type };
          expectSane(await ask(`${path}?fieldManager=f`, { method, body: JSON.stringify(body), headers }));
        }),
        { numRuns: 400 },
      );
    });

    it('random definitions of kinds are answered', async () => {
      const value = fc.jsonValue({ maxDepth: 3 });
      const node = fc.record(
        {
          type: fc.oneof(fc.constantFrom('object', 'string', 'array'), value),
          properties: value,
          items: value,
          default: value,
          enum: value,
          pattern: value,
          'x-kubernetes-validations': value,
        },
        { requiredKeys: [] },
      );
      const spec = fc.record(
        {
          group: fc.oneof(fc.constant('fuzz.io'), value),
          scope: fc.oneof(fc.constant('Namespaced'), value),
          names: fc.oneof(fc.constant({ plural: 'fuzzes', kind: 'Fuzz' }), value),
          versions: fc.oneof(
            node.map((schema) => [
              {
                name: 'v1',
                served: true,
                storage: true,
                schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema } } },
              },
            ]),
            value,
          ),
        },
        { requiredKeys: [] },
      );
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await fc.assert(
        fc.asyncProperty(fc.oneof(spec, value), async (fuzzed) => {
          const body = {
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: 'fuzzes.fuzz.io' },
            spec: fuzzed,
          };
          expectSane(await post(path, JSON.stringify(body)));
          expectSane(await ask('/apis'));
          expectSane(await ask(`${path}/fuzzes.fuzz.io`, { method: 'DELETE' }));
        }),
        RUNS,
      );
    });

    it('random patches are answered', async () => {
      const pointer = fc
        .array(
          fc.constantFrom(
            'spec',
            'metadata',
            'free',
            '-',
            '0',
            '1',
            '__proto__',
            'constructor',
            'prototype',
            'labels',
            '~1',
            'polluted',
          ),
          { maxLength: 4 },
        )
        .map((names) => names.map((name) => `/${name}`).join(''));
      const operation = fc.record(
        {
          op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'nonsense'),
          path: pointer,
          from: pointer,
          value: fc.jsonValue(),
        },
        { requiredKeys: ['op', 'path'] },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { maxLength: 4 }), async (operations) => {
          const headers = { 'content-type': 'application/json-patch+json' };
          expectSane(await ask(`${THINGS}/present`, { method: 'PATCH', headers, body: JSON.stringify(operations) }));
        }),
        RUNS,
      );
    });

    it('random paths and queries are answered', async () => {
      const segment = fc.oneof(
        fc.constantFrom(
          'api',
          'apis',
          'v1',
          'ex.io',
          'namespaces',
          'default',
          'things',
          'present',
          'openapi',
          'v3',
          'status',
          'scale',
          '..',
          '%2e%2e',
          '%00',
          '%zz',
          '',
        ),
        fc.webSegment(),
      );
      const names = fc.constantFrom(
        'limit',
        'continue',
        'watch',
        'resourceVersion',
        'resourceVersionMatch',
        'labelSelector',
        'fieldSelector',
        'dryRun',
        'fieldValidation',
        'sendInitialEvents',
        'includeObject',
        'fieldManager',
      );
      const values = fc.oneof(
        fc.constantFrom(
          '0',
          '1',
          '-1',
          'true',
          'All',
          'Exact',
          'NotOlderThan',
          'a=b',
          'a in (',
          '!',
          '99999999999999999999',
        ),
        fc.webQueryParameters(),
      );
      const query = fc.array(fc.tuple(names, values), { maxLength: 4 });
      const accepts = fc.constantFrom(
        '*/*',
        'application/json;as=Table;v=v1;g=meta.k8s.io',
        'text/html',
        'application/yaml',
        'garbage;;;=,',
        'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      );
      const known = fc.constantFrom(THINGS, MAPS, '/apis/ex.io/v1/things', `${THINGS}/present`);
      const anyPath = fc.oneof(
        known,
        fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join('/')}`),
      );
      const methods = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'TRACE', 'DELETE');
      await fc.assert(
        fc.asyncProperty(methods, anyPath, query, accepts, async (method, path, parameters, accept) => {
          // Deleting what the other cases need would prove nothing; dry runs take the same way.
          const safe =
            method === 'DELETE' ? [...parameters.filter(([name]) => name !== 'dryRun'), ['dryRun', 'All']] : parameters;
          const text = [...safe, ['timeoutSeconds', '1']].map(([name, value]) => `${name}=${value}`).join('&');
          // A watch lasts a second; a refused or finished one is answered like anything else.
          const watching = /watch=(?!0|false)/.test(text) ? text.replaceAll('watch=', 'notwatch=') : text;
          const target = `${path}?${watching}`.replace(/[^\x21-\x7e]/g, encodeURIComponent);
          expectSane(await ask(target, { method, headers: { accept } }));
        }),
        { numRuns: 400 },
      );
    });

    it('random watches end when their time is over', async () => {
      const versions = fc.constantFrom('', '0', '1', '999999999', 'x');
      const flags = fc.record({
        bookmarks: fc.boolean(),
        initial: fc.boolean(),
        table: fc.boolean(),
        version: versions,
      });
      const sample = fc.sample(flags, 24);
      await Promise.all(
        sample.map(async ({ bookmarks, initial, table, version }) => {
          const initialEvents = initial ? '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan' : '';
          const path = `${THINGS}?watch=1&timeoutSeconds=1&allowWatchBookmarks=${bookmarks}&resourceVersion=${version}${initialEvents}`;
          const accept = table ? 'application/json;as=Table;v=v1;g=meta.k8s.io' : 'application/json';
          const answer = await ask(path, { headers: { accept } });
          if (answer.code !== 200) return expectSane(answer);
          for (const line of answer.text.split('\n').filter(Boolean)) {
            expect(JSON.parse(line)).toMatchObject({ type: expect.any(String), object: expect.any(Object) });
          }
        }),
      );
    });
  });

  describe('keeps its limits:', () => {
    afterAll(expectAlive);

    it('everything but health and version needs the token', async () => {
      for (const path of ['/api', '/apis', '/openapi/v3', MAPS, '/nothing']) {
        const answer = await ask(path, { token: null });
        expect(answer.json()).toMatchObject({
          kind: 'Status',
          message: 'Unauthorized',
          reason: 'Unauthorized',
          code: 401,
        });
        expect((await ask(path, { token: 'wrong' })).code).toBe(401);
      }
      for (const path of ['/livez', '/readyz', '/healthz', '/version']) {
        expect((await ask(path, { token: null })).code).toBe(200);
      }
    });

    it('a body of two megabytes is refused by the store and one above three by the door', async () => {
      const big = await post(MAPS, configMap('big', { k: 'x'.repeat(2 * 1024 * 1024) }));
      expect([413, 422]).toContain(big.code);
      const huge = await post(MAPS, configMap('huge', { k: 'x'.repeat(3 * 1024 * 1024) }));
      expect(huge.json()).toMatchObject({ code: 413, message: 'Request entity too large: limit is 3145728' });
      const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
      expect((await post(MAPS, 'x'.repeat(3 * 1024 * 1024 + 1), chunked)).code).toBe(413);
    });

    it('names that are too long or strange are refused with the field', async () => {
      for (const name of ['x'.repeat(254), 'UPPER', 'a_b', '-a', 'a/b', '../etc', 'a b', '\u0000', 'ü']) {
        const answer = await post(MAPS, configMap(name));
        expect(answer.json()).toMatchObject({
          code: 422,
          reason: 'Invalid',
          details: { causes: [{ field: 'metadata.name' }] },
        });
      }
    });

    it('headers that are too large are refused', async () => {
      expect((await ask('/version', { headers: { 'x-large': 'x'.repeat(40_000) } })).code).toBe(431);
    });

    it('a client that sends one byte at a time does not keep its connection', async () => {
      const socket = await connected(door);
      const closed = new Promise<void>((done) => socket.once('close', () => done()));
      socket.resume();
      socket.write('GET /version HTTP/1.1\r\nhost: door\r\nx-slow: ');
      const drip = setInterval(() => socket.write('x'), 500);
      try {
        await closed;
      } finally {
        clearInterval(drip);
        socket.destroy();
      }
    }, 25_000);

    it('a watcher that does not read is dropped before it holds the memory of the process', async () => {
      const socket = await connected(door);
      const head = `GET ${MAPS}?watch=1&fieldSelector=metadata.name%3Dloud HTTP/1.1`;
      socket.write(`${head}\r\nhost: door\r\nauthorization: Bearer ${door.token}\r\n\r\n`);
      await new Promise((done) => socket.once('readable', done));
      socket.pause();
      await post(MAPS, configMap('loud'));
      const headers = { 'content-type': 'application/merge-patch+json' };
      for (let at = 0; at < 40; at++) {
        const body = JSON.stringify({ data: { k: String(at % 10).repeat(1_000_000) } });
        expect((await ask(`${MAPS}/loud`, { method: 'PATCH', headers, body })).code).toBe(200);
      }
      let received = 0;
      const closed = new Promise<void>((done) => socket.once('close', () => done()));
      socket.on('error', () => {});
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      socket.resume();
      await closed;
      expect(received).toBeLessThan(40_000_000);
    });

    it('a request that is no HTTP is answered with 400', async () => {
      const socket = await connected(door);
      const answer = new Promise<string>((done) => {
        let text = '';
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        socket.once('close', () => done(text));
      });
      socket.write('HELLO\r\n\r\n');
      expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
    });
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

  it('closes at once, watches and all, and opens again with the same authority and token', async () => {
    const other = await EmbeddedDoor.start();
    const watching = other.ask('/api/v1/namespaces?watch=1');
    await eventually(async () => expect((await other.ask('/api')).code).toBe(200));
    const started = performance.now();
    await other.door.close();
    expect((await watching).text).toContain('"ADDED"');
    expect(performance.now() - started).toBeLessThan(1_500);
    const port = await other.reopen();
    expect((await other.ask('/api/v1/namespaces')).code).toBe(200);
    expect(await readFile(other.kubeconfig, 'utf8')).toContain(`:${port}`);
    await other.close();
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
  });
});

interface WatchLine {
  type: string;
  object: { metadata: { name?: string; annotations?: Record<string, string> } };
}

function connected(door: EmbeddedDoor): Promise<TLSSocket> {
  return new Promise((done, fail) => {
    const socket = connect({ host: '127.0.0.1', port: door.door.port, rejectUnauthorized: false }, () => done(socket));
    socket.once('error', fail);
  });
}
