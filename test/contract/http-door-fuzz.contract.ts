import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { doorWithThings, expectAlive, JSON_TYPE, MAPS, THINGS } from '../harness/door-things.js';
import type { EmbeddedDoor, HttpAnswer, HttpAsk } from '../harness/embedded-door.js';

/** Each property runs this often; the seed of a failure is printed and makes it repeatable. */
const RUNS = { numRuns: 150 };

const SEGMENTS = 'api apis v1 ex.io namespaces default things present openapi v3 status scale .. %2e%2e %00 %zz'.split(
  ' ',
);
const PARAMETERS = (
  'limit continue watch resourceVersion resourceVersionMatch labelSelector fieldSelector dryRun fieldValidation ' +
  'sendInitialEvents includeObject fieldManager'
).split(' ');
const VALUES = ['0', '1', '-1', 'true', 'All', 'Exact', 'NotOlderThan', 'a=b', 'a in (', '!', '99999999999999999999'];
const ACCEPTS = [
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/yaml',
  'text/html',
  'garbage;;;=,',
];

describe('the door of the embedded API server, with whatever comes in,', () => {
  let door: EmbeddedDoor;
  const ask = (path: string, options?: HttpAsk) => door.ask(path, options);
  const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    ask(path, { method: 'POST', body, headers });

  beforeAll(async () => {
    door = await doorWithThings();
  });
  afterAll(async () => {
    await expectAlive(door);
    await door.close();
  });

  /** A refusal is a Status that says why; nothing is answered with a 5xx. */
  function expectSane(answer: HttpAnswer): void {
    expect(answer.code).toBeLessThan(500);
    if (answer.code < 400 || answer.code === 431 || answer.code === 408) return;
    expect(answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: answer.code });
    expect((answer.json().message as string).length).toBeLessThan(4096);
  }

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
    const segment = fc.oneof(fc.constantFrom(...SEGMENTS, ''), fc.webSegment());
    const values = fc.oneof(fc.constantFrom(...VALUES), fc.webQueryParameters());
    const query = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), values), { maxLength: 4 });
    const accepts = fc.constantFrom(...ACCEPTS);
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
