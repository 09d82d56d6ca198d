import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ManagedFieldsEntry, UntypedObject } from '../../../kit/resource/object.js';
import type { StructuralSchema } from '../catalogue.js';
import { EmbeddedApiServer } from '../embedded-api-server.js';
import { THINGS, thingDefinition } from '../testing/things.js';

const SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        model: { type: 'string' },
        kind: { type: 'string', default: 'a' },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        plain: { type: 'array', items: { type: 'string' } },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        whole: { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        tools: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, url: { type: 'string' } },
          },
        },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};

/** Expected values were taken from kube-apiserver 1.35. */
describe('server-side apply', () => {
  let server: EmbeddedApiServer;
  beforeEach(async () => {
    const customResources = [thingDefinition(SCHEMA)];
    server = await EmbeddedApiServer.open({ dataDir: ':memory:', customResources, admissions: [] });
  });
  afterEach(() => server.close());

  const config = (spec: object): UntypedObject => ({
    apiVersion: 'ex.io/v1',
    kind: 'Thing',
    metadata: { name: 'one', namespace: 'default' },
    spec,
  });
  const apply = (manager: string, spec: object, force = false) =>
    server.apply(THINGS, config(spec), { fieldManager: manager, force });
  const owners = (object: UntypedObject) =>
    Object.fromEntries(
      (object.metadata.managedFields ?? []).map((entry: ManagedFieldsEntry) => [
        `${entry.manager} ${entry.operation}`,
        entry.fieldsV1,
      ]),
    );

  it('creates the object and owns what was said, not what was filled in', async () => {
    const made = await apply('m1', { model: 'x', tags: ['b'], any: { p: { q: 1 } }, tools: [{ name: 't' }] });
    expect(made.spec).toMatchObject({ kind: 'a' });
    expect(owners(made)).toEqual({
      'm1 Apply': {
        'f:spec': {
          'f:model': {},
          'f:tags': { 'v:"b"': {} },
          'f:any': { 'f:p': { '.': {}, 'f:q': {} } },
          'f:tools': { 'k:{"name":"t"}': { '.': {}, 'f:name': {} } },
        },
      },
    });
  });

  it('writes nothing when nothing changes', async () => {
    const first = await apply('m1', { model: 'x' });
    expect((await apply('m1', { model: 'x' })).metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  it('lets two managers own the same value together', async () => {
    await apply('m1', { model: 'x', tags: ['a', 'b'] });
    const both = await apply('m2', { model: 'x', tags: ['b', 'c'] });
    expect(both.spec).toMatchObject({ tags: ['a', 'b', 'c'] });
    const left = await apply('m1', { tags: [] });
    expect(left.spec).toMatchObject({ model: 'x', tags: ['b', 'c'] });
  });

  it('removes what its manager gave up, with the empty parents', async () => {
    await apply('m1', { model: 'x', labels: { k: 'v' }, any: { a: 1 }, tools: [{ name: 't', url: 'u' }] });
    expect((await apply('m1', { model: 'x' })).spec).toEqual({ model: 'x', kind: 'a' });
  });

  it('names the owner of a field that it must not change', async () => {
    await apply('m1', { model: 'x' });
    await expect(apply('m2', { model: 'y' })).rejects.toMatchObject({
      statusReason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "m1": .spec.model',
      statusDetails: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.model' }],
      },
    });
  });

  it('takes fields over by force', async () => {
    await apply('m1', { model: 'x', kind: 'b' });
    expect(owners(await apply('m2', { model: 'y' }, true))).toEqual({
      'm1 Apply': { 'f:spec': { 'f:kind': {} } },
      'm2 Apply': { 'f:spec': { 'f:model': {} } },
    });
  });

  it('moves ownership to whoever changes a field without applying', async () => {
    await apply('m1', { model: 'x', tags: ['a'] });
    const body = { spec: { model: 'y', tags: ['b'], whole: { k: 'v' } } };
    const key = { namespace: 'default', name: 'one' };
    const changed = await server.patch(THINGS, key, { type: 'merge', body }, { fieldManager: 'hand' });
    expect(owners(changed)).toEqual({
      'hand Update': { 'f:spec': { 'f:model': {}, 'f:tags': { 'v:"b"': {} }, 'f:whole': {} } },
    });
  });

  it.each([
    ['abcd', 'xcya', 'bxcdya'],
    ['t', 'ut', 'ut'],
    ['ab', 'bc', 'abc'],
  ])('merges the list %s with the applied %s to %s', async (live, applied, merged) => {
    const tools = (names: string) => ({ tools: [...names].map((name) => ({ name })) });
    await apply('m1', tools(live));
    expect((await apply('m2', tools(applied))).spec).toMatchObject(tools(merged));
  });

  it('gives fields that nobody applied to whoever wrote before', async () => {
    const made = await server.create(THINGS, config({ model: 'x' }));
    const reset = { type: 'merge' as const, body: { metadata: { managedFields: [{}] } } };
    expect((await server.patch(THINGS, made.metadata, reset)).metadata.managedFields).toBeUndefined();
    await expect(apply('m1', { model: 'y' })).rejects.toThrow('conflict with "before-first-apply" using ex.io/v1');
  });

  it('keeps the owners of the status apart', async () => {
    await apply('m1', { model: 'x' });
    const status = { ...config({}), spec: { model: 'ignored' }, status: { phase: 'fine' } };
    const done = await server.apply(THINGS, status, { fieldManager: 'm1', subresource: 'status' });
    expect(done).toMatchObject({ spec: { model: 'x' }, status: { phase: 'fine' } });
    expect(done.metadata.managedFields?.map((entry) => entry.subresource)).toEqual([undefined, 'status']);
  });

  it.each([
    [{ tags: ['a', 'a'] }, '.spec.tags: duplicate entries for key [="a"]'],
    [{ zz: 1 }, '.spec.zz: field not declared in schema'],
    [{ model: 1 }, '.spec.model: expected string, got int'],
  ])('refuses %j', async (spec, problem) => {
    const message = expect.stringContaining(problem);
    await expect(apply('m1', spec)).rejects.toMatchObject({ code: 500, message });
  });
});
