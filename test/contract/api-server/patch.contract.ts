import { expect } from '@jest/globals';
import type { Patch } from '../../../src/kube/api-server/api-server.js';
import { refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, SECRET, SERVICE, type Widget } from './widget.js';

underEveryJudge('Patches', (court) => {
  const merge = (body: Record<string, unknown>): Patch => ({ type: 'merge', body });
  const json = (...body: unknown[]): Patch => ({ type: 'json', body });
  const patch = (name: string, body: Patch) => court.server.patch<Widget>(court.type, court.key(name), body);

  court.it('merge: set, remove by null, and replace lists whole', async () => {
    const { metadata } = await court.create(court.name(), {
      slug: 'abc',
      steps: ['a', 'b'],
      notes: { x: '1', y: '2' },
    });
    const after = await patch(
      metadata.name,
      merge({ spec: { size: 2, slug: null, steps: ['c'], notes: { x: null } } }),
    );
    expect(after.spec).toEqual({ size: 2, colour: 'red', steps: ['c'], notes: { y: '2' } });
    expect(after.metadata.generation).toBe(2);
  });

  court.it('merge: change labels without a new generation', async () => {
    const { metadata } = await court.create();
    const after = await patch(metadata.name, merge({ metadata: { labels: { a: 'b' } } }));
    expect(after.metadata).toMatchObject({ labels: { a: 'b' }, generation: 1 });
  });

  court.it('merge: are refused when they name an older version', async () => {
    const made = await court.create();
    await patch(made.metadata.name, merge({ spec: { size: 2 } }));
    const stale = merge({ metadata: { resourceVersion: made.metadata.resourceVersion }, spec: { size: 3 } });
    const error = await refusal(patch(made.metadata.name, stale));
    expect(error).toMatchObject({ statusReason: 'Conflict', code: 409 });
  });

  court.it('merge: are held to the schema', async () => {
    const { metadata } = await court.create();
    const error = await refusal(patch(metadata.name, merge({ spec: { size: 'big' } })));
    expect(error.statusDetails?.causes?.[0]).toMatchObject({ field: 'spec.size', reason: 'FieldValueTypeInvalid' });
  });

  court.it('merge: cannot change name, namespace or kind', async () => {
    const { metadata } = await court.create();
    const cases: [body: Record<string, unknown>, code: number][] = [
      [{ metadata: { name: 'other' } }, 400],
      [{ metadata: { namespace: 'default' } }, 400],
      [{ kind: 'Gadget' }, 422],
    ];
    for (const [body, code] of cases) {
      const error = await refusal(patch(metadata.name, merge(body)));
      expect([body, error.code]).toEqual([body, code]);
    }
  });

  court.it('merge: write the status through its subresource only', async () => {
    const { metadata } = await court.create();
    const wish = merge({ spec: { size: 9 }, status: { phase: 'Real' } });
    const told = await court.server.patch<Widget>(court.type, court.key(metadata.name), wish, {
      subresource: 'status',
    });
    expect(told).toMatchObject({ spec: { size: 1 }, status: { phase: 'Real' } });
    const after = await patch(metadata.name, merge({ spec: { size: 3 }, status: { phase: 'Dreamt' } }));
    expect(after).toMatchObject({ spec: { size: 3 }, status: { phase: 'Real' } });
  });

  court.it('json: test, add, replace, move, copy and remove', async () => {
    const { metadata } = await court.create(court.name(), { steps: ['a', 'b'], notes: { x: '1' } });
    const after = await patch(
      metadata.name,
      json(
        { op: 'test', path: '/spec/size', value: 1 },
        { op: 'replace', path: '/spec/size', value: 4 },
        { op: 'add', path: '/spec/steps/-', value: 'c' },
        { op: 'add', path: '/spec/steps/0', value: 'z' },
        { op: 'copy', from: '/spec/notes/x', path: '/spec/notes/y' },
        { op: 'move', from: '/spec/notes/x', path: '/spec/notes/w' },
        { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
        { op: 'remove', path: '/metadata/annotations/a~1b' },
      ),
    );
    expect(after.spec).toMatchObject({ size: 4, steps: ['z', 'a', 'b', 'c'], notes: { w: '1', y: '1' } });
    expect(after.metadata.annotations ?? {}).toEqual({});
  });

  court.it('json: are refused when a test fails or a path is missing', async () => {
    const { metadata } = await court.create();
    const wrong = await refusal(patch(metadata.name, json({ op: 'test', path: '/spec/size', value: 7 })));
    expect(wrong).toMatchObject({ family: 'Invalid', code: 422 });
    const missing = await refusal(patch(metadata.name, json({ op: 'remove', path: '/spec/nothing' })));
    expect(missing).toMatchObject({ family: 'Invalid', code: 422 });
    expect(missing.message).toContain('the server rejected our request due to an error in our request');
  });

  court.it('json: that are no patch at all are bad requests', async () => {
    const { metadata } = await court.create();
    const broken = { type: 'json', body: { op: 'add' } as unknown as unknown[] } as const;
    expect(await refusal(patch(metadata.name, broken))).toMatchObject({ family: 'Invalid', code: 400 });
  });

  court.it('json: may rewrite who owns what', async () => {
    const made = await court.create();
    const after = await patch(
      made.metadata.name,
      json({ op: 'replace', path: '/metadata/managedFields', value: [{}] }),
    );
    expect(after.metadata.managedFields ?? []).toEqual([]);
  });

  court.it('strategic: are refused for custom resources', async () => {
    const { metadata } = await court.create();
    const error = await refusal(patch(metadata.name, { type: 'strategic', body: { spec: { size: 2 } } }));
    expect(error).toMatchObject({ statusReason: 'UnsupportedMediaType', code: 415 });
    expect(error.message).toBe(
      'the body of the request was in an unknown format - accepted media types include: ' +
        'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  });

  court.it('strategic: change built-in kinds', async () => {
    const key = { name: court.name('c'), namespace: court.namespace };
    await court.server.create(CONFIG_MAP, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...key, finalizers: ['a.io/x'] },
      data: { a: '1', b: '2' },
    });
    const body = { metadata: { finalizers: ['b.io/y'] }, data: { a: null, c: '3' } };
    const after = await court.server.patch(CONFIG_MAP, key, { type: 'strategic', body });
    expect(after.data).toEqual({ b: '2', c: '3' });
    expect([...(after.metadata.finalizers ?? [])].sort()).toEqual(['a.io/x', 'b.io/y']);
    await court.server.patch(CONFIG_MAP, key, merge({ metadata: { finalizers: null } }));
  });

  /** Patches the ports of a fresh Service and gives their names as they end up. */
  const ordered = async (live: string, body: Record<string, unknown>) => {
    const key = { name: court.name('o'), namespace: court.namespace };
    const ports = [...live].map((name) => ({ name, port: portOf(name) }));
    await court.server.create(SERVICE, { apiVersion: 'v1', kind: 'Service', metadata: key, spec: { ports } });
    const after = await court.server.patch(SERVICE, key, { type: 'strategic', body: { spec: body } });
    const { spec } = after as unknown as { spec: { ports: { name: string }[] } };
    return spec.ports.map(({ name }) => name).join('');
  };
  const portOf = (name: string) => 100 + name.charCodeAt(0);
  const order = (names: string) => [...names].map((name) => ({ port: portOf(name) }));
  const item = (name: string) => ({ name, port: portOf(name) });

  court.it('strategic: put the items of a list into the order they name', async () => {
    const cases: [live: string, body: Record<string, unknown>, ends: string][] = [
      ['abc', { '$setElementOrder/ports': order('cba') }, 'cba'],
      // What another owner added stays where it was beside its neighbours.
      ['axbc', { '$setElementOrder/ports': order('cba') }, 'xcba'],
      ['abcx', { '$setElementOrder/ports': order('cba') }, 'cbax'],
      ['xabc', { '$setElementOrder/ports': order('bac') }, 'xbac'],
      ['abx', { '$setElementOrder/ports': order('ba') }, 'bax'],
      ['ab', { '$setElementOrder/ports': order('cab'), ports: [item('c')] }, 'cab'],
      ['axb', { '$setElementOrder/ports': order('bca'), ports: [item('c')] }, 'xbca'],
      ['abc', { '$setElementOrder/ports': order('ca'), ports: [{ port: portOf('b'), $patch: 'delete' }] }, 'ca'],
      ['ab', { ports: [item('c')] }, 'cab'],
    ];
    for (const [live, body, ends] of cases) expect([live, body, await ordered(live, body)]).toEqual([live, body, ends]);
  });

  court.it('strategic: put sets of words into the order they name', async () => {
    const key = { name: court.name('f'), namespace: court.namespace };
    const metadata = { ...key, finalizers: ['a.io/x', 'b.io/x', 'c.io/x'] };
    await court.server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const finalizers = { finalizers: ['d.io/x'], '$setElementOrder/finalizers': ['d.io/x', 'c.io/x', 'a.io/x'] };
    const after = await court.server.patch(CONFIG_MAP, key, { type: 'strategic', body: { metadata: finalizers } });
    expect(after.metadata.finalizers).toEqual(['d.io/x', 'b.io/x', 'c.io/x', 'a.io/x']);
    await court.server.patch(CONFIG_MAP, key, merge({ metadata: { finalizers: null } }));
  });

  court.it('strategic: are refused when their order is no order', async () => {
    for (const wrong of [
      { '$setElementOrder/ports': 'a' },
      { '$setElementOrder/ports': order('a'), ports: [item('c')] },
    ]) {
      const { code } = await refusal(ordered('ab', wrong));
      expect({ wrong, refused: code >= 400 }).toEqual({ wrong, refused: true });
    }
  });

  court.it('merge: add stringData of a Secret to its data', async () => {
    const key = { name: court.name('s'), namespace: court.namespace };
    await court.server.create(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: key, stringData: { a: '1' } });
    const after = await court.server.patch(SECRET, key, merge({ stringData: { b: '2' } }));
    expect(after.data).toEqual({ a: 'MQ==', b: 'Mg==' });
  });
});

underEveryJudge('Dry runs', (court) => {
  court.it('show a new object and store none', async () => {
    const name = court.name();
    const shown = await court.server.create(court.type, court.widget(name), { dryRun: true });
    expect(shown.metadata.uid).toBeDefined();
    expect(shown.spec.colour).toBe('red');
    expect((await refusal(court.read(name))).statusReason).toBe('NotFound');
  });

  court.it('refuse what the real request would refuse', async () => {
    const name = court.name();
    const invalid = await refusal(court.server.create(court.type, court.widget(name, { size: 0 }), { dryRun: true }));
    expect(invalid.statusReason).toBe('Invalid');
    await court.create(name);
    const twice = await refusal(court.server.create(court.type, court.widget(name), { dryRun: true }));
    expect(twice.statusReason).toBe('AlreadyExists');
  });

  court.it('show a replacement, a patch, an applied object and a status, and store none', async () => {
    const made = await court.create();
    const { name } = made.metadata;
    const dryRun = true;
    const replaced = await court.server.update<Widget>(court.type, { ...made, spec: { size: 2 } }, { dryRun });
    expect(replaced).toMatchObject({ spec: { size: 2 }, metadata: { generation: 2 } });
    const body = { spec: { size: 3 } };
    const patched = await court.server.patch<Widget>(court.type, court.key(name), { type: 'merge', body }, { dryRun });
    expect(patched.spec.size).toBe(3);
    const wish = court.widget(name, { size: 4 });
    const options = { dryRun, fieldManager: 'alice', force: true };
    expect((await court.server.apply<Widget>(court.type, wish, options)).spec.size).toBe(4);
    const status = { ...made, status: { phase: 'x' } };
    const told = await court.server.update<Widget>(court.type, status, { dryRun, subresource: 'status' });
    expect(told.status).toEqual({ phase: 'x' });
    expect(await court.read(name)).toEqual(made);
  });

  court.it('accept a deletion and delete nothing', async () => {
    const made = await court.create();
    await court.server.delete(court.type, court.key(made.metadata.name), { dryRun: true });
    expect(await court.read(made.metadata.name)).toEqual(made);
  });
});
