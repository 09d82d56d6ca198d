import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap, doorWithThings, expectAlive, JSON_TYPE, MAPS, THINGS, thing } from '../../harness/door-things.js';
import type { EmbeddedDoor } from '../../harness/embedded-door.js';
import { eventually } from '../../harness/eventually.js';
import { rawExchange, SMUGGLED, smuggled, statusesIn } from '../../harness/raw-http.js';

const POISON = '{"polluted": "yes"}';

describe('the door of the embedded API server against those who mean harm:', () => {
  let door: EmbeddedDoor;
  beforeAll(async () => {
    door = await doorWithThings();
    await door.ask(MAPS, { method: 'POST', headers: JSON_TYPE, body: configMap('present', { a: 'b' }) });
  });
  afterEach(() => expectAlive(door));
  afterAll(() => door.close());

  const patch = (path: string, type: string, body: string) =>
    door.ask(path, { method: 'PATCH', body, headers: { 'content-type': `application/${type}` } });

  it.each(['__proto__', '\\u005f_proto__'])('no body has a field called %s', async (name) => {
    const bad = `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "bad"}, "${name}": ${POISON}}`;
    const answers = [
      await door.ask(MAPS, { method: 'POST', headers: JSON_TYPE, body: bad }),
      await patch(`${MAPS}/present`, 'merge-patch+json', `{"data": {"${name}": ${POISON}}}`),
      await patch(`${MAPS}/present`, 'strategic-merge-patch+json', `{"${name}": ${POISON}}`),
      await patch(`${MAPS}/bad?fieldManager=m`, 'apply-patch+yaml', bad),
      await patch(`${THINGS}/present`, 'merge-patch+json', `{"spec": {"free": {"${name}": ${POISON}}}}`),
    ];
    for (const { code, text } of answers) {
      expect(code).toBe(400);
      expect(text).toContain('a field cannot be called');
    }
  });

  it.each(['constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    'a field called %s is a field like any other',
    async (name) => {
      const value = { prototype: { polluted: 'yes' } };
      const body = JSON.stringify({ spec: { free: { [name]: value } } });
      expect((await patch(`${THINGS}/present`, 'merge-patch+json', body)).json()).toMatchObject({
        spec: { free: { [name]: value } },
      });
      const applied = `{"apiVersion": "ex.io/v1", "kind": "Thing", "metadata": {"name": "present"}, ${body.slice(1)}`;
      const answer = await patch(`${THINGS}/present?fieldManager=m&force=true`, 'apply-patch+yaml', applied);
      expect(answer.json()).toMatchObject({ spec: { free: { [name]: value } } });
      const strategic = await patch(`${MAPS}/present`, 'strategic-merge-patch+json', `{"data": {"${name}": "text"}}`);
      expect(strategic.json()).toMatchObject({ data: { [name]: 'text' } });
    },
  );

  it.each([
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/spec/__proto__/polluted',
    '/spec/constructor/prototype/polluted',
    '/metadata/labels/__proto__/polluted',
  ])('an operation of a JSON patch on %s reaches no prototype', async (path) => {
    for (const op of ['add', 'replace']) {
      const { code } = await patch(
        `${THINGS}/present`,
        'json-patch+json',
        JSON.stringify([{ op, path, value: 'yes' }]),
      );
      expect(code).toBeLessThan(500);
    }
    const from = [
      { op: 'copy', from: '/__proto__', path: '/spec/free' },
      { op: 'move', from: path, path: '/spec/free' },
    ];
    for (const op of from) {
      const { code, text } = await patch(`${THINGS}/present`, 'json-patch+json', JSON.stringify([op]));
      expect([code < 500, text.includes('polluted')]).toEqual([true, text.includes(path)]);
    }
  });

  it('a field selector, a column or a jsonpath on prototypes finds nothing', async () => {
    for (const selector of ['__proto__.polluted=yes', 'constructor.name=Object', 'metadata.__proto__=x']) {
      const answer = await door.ask(`${MAPS}?fieldSelector=${encodeURIComponent(selector)}`);
      expect(answer.code).toBe(400);
    }
  });

  it.each([
    '/livez/../api/v1/secrets',
    '/livez%2f..%2fapi/v1/secrets',
    '//api/v1/secrets',
    '/./api/v1/secrets',
    '/%61pi/v1/secrets',
    '/livez/..;/api/v1/secrets',
    '/livez\\..\\api\\v1\\secrets',
    '/api/v1/secrets%00',
    '/%c0%ae%c0%ae/api/v1/secrets',
    '/%252e%252e/api/v1/secrets',
    'https://evil.example.com/api/v1/secrets',
    '/version/../../api/v1/secrets',
  ])('nobody without token comes to %s', async (path) => {
    const text = await rawExchange(door.door.url, `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    expect(statusesIn(text).every((status) => status >= 400)).toBe(true);
    expect(text).not.toMatch(/SecretList/);
  });

  it.each(['%2e%2e%2f', 'a%2fb', 'a%5cb', 'a%00b', '%c0%ae', 'a%0d%0aX-A: b', '%252e', 'A_b'])(
    'an object or a namespace cannot be called %s',
    async (name) => {
      const base = '/api/v1/namespaces';
      for (const path of [`${MAPS}/${name}`, `${base}/${name}/configmaps`, `${base}/${name}`]) {
        const text = await rawExchange(
          door.door.url,
          `GET ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${door.token}\r\nConnection: close\r\n\r\n`,
        );
        const [status = 0] = statusesIn(text);
        expect([path, status === 200 ? /"items":\s*\[\]/.test(text) : status >= 400 && status < 500]).toEqual([
          path,
          true,
        ]);
        expect(text).not.toContain('X-A: b\r\n');
      }
    },
  );

  it.each(SMUGGLED)('no request hides behind %s', async (_name, head, body) => {
    const token = [`Authorization: Bearer ${door.token}`];
    const text = await rawExchange(door.door.url, smuggled(head, body, MAPS, '/livez', token));
    expect(statusesIn(text).filter((status) => status < 400)).toEqual([]);
    expect(statusesIn(text).length).toBeLessThanOrEqual(1);
  });

  it.each<[string, object, unknown]>([
    ['pattern', { type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
    [
      'rule',
      { type: 'string', 'x-kubernetes-validations': [{ rule: "self.matches('^(a|a)*$')" }] },
      `${'a'.repeat(60)}!`,
    ],
  ])('a definition whose %s takes for ever stops nobody', async (name, word, value) => {
    const plural = `${name}s`;
    const schema = { type: 'object', properties: { spec: { type: 'object', properties: { word } } } };
    const definition = {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${plural}.slow.io` },
      },
      spec: {
        ...{ group: 'slow.io', scope: 'Namespaced', names: { plural, kind: `Slow${name}` } },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    };
    const post = (path: string, body: object) =>
      door.ask(path, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
    const defined = await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    expect([defined.code, defined.code === 201 ? '' : defined.text]).toEqual([201, '']);
    const path = `/apis/slow.io/v1/namespaces/default/${plural}`;
    await eventually(async () => expect((await door.ask(path)).code).toBe(200));
    const object = (named: string, content: unknown) => {
      return { apiVersion: 'slow.io/v1', kind: `Slow${name}`, metadata: { name: named }, spec: { word: content } };
    };
    const slow = await post(path, object('slow', value));
    expect([slow.code, slow.text]).toEqual([422, expect.stringContaining('took longer than 500 ms')]);
    const fine = await post(path, object('fine', 'aaa'));
    expect(fine.code).toBe(201);
  });

  it('the name of an object cannot end a header or a line of a table', async () => {
    const answer = await door.ask(THINGS, {
      method: 'POST',
      headers: JSON_TYPE,
      body: thing('a', { metadata: { name: 'x\r\nset-cookie: a=b', generateName: 'y\n' } }),
    });
    expect(answer.code).toBe(422);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});
