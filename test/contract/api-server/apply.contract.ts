import { expect } from '@jest/globals';
import type { Court } from './court.js';
import { refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, type Widget } from './widget.js';

/** Applies `spec` exactly as given: fields that are left out are given up. */
function applySpec(court: Court, name: string, fieldManager: string, spec: object, force = false): Promise<Widget> {
  const wish = { ...court.widget(name), spec: spec as Record<string, unknown> };
  return court.server.apply<Widget>(court.type, wish, { fieldManager, force });
}

function owners(widget: Widget): string[] {
  return (widget.metadata.managedFields ?? []).map((entry) =>
    [entry.manager, entry.operation, entry.subresource].filter(Boolean).join(' '),
  );
}

underEveryJudge('Server-side apply', (court) => {
  court.it('creates what is absent and records who owns what', async () => {
    const made = await applySpec(court, court.name(), 'alice', { size: 3, parts: [{ name: 'a', note: 'n' }] });
    expect(made.metadata.generation).toBe(1);
    expect(made.metadata.managedFields).toEqual([
      {
        manager: 'alice',
        operation: 'Apply',
        apiVersion: `${court.group}/v1`,
        time: expect.stringMatching(/Z$/),
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:size': {},
            'f:parts': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:note': {} } },
          },
        },
      },
    ]);
  });

  court.it('asks for a field manager', async () => {
    const error = await refusal(applySpec(court, court.name(), '', { size: 1 }));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  });

  court.it('refuses an object that carries managedFields', async () => {
    const wish = court.widget(court.name());
    const fine = await court.server.apply(court.type, wish, { fieldManager: 'alice' });
    wish.metadata.managedFields = fine.metadata.managedFields;
    const error = await refusal(court.server.apply(court.type, wish, { fieldManager: 'alice' }));
    expect(error).toMatchObject({ statusReason: 'BadRequest', message: 'metadata.managedFields must be nil' });
  });

  court.it('takes a null where none is allowed for a value of the wrong type, unless there is a default', async () => {
    const name = court.name();
    const error = await refusal(applySpec(court, name, 'alice', { size: 3, slug: null }));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain(
      'spec.slug: Invalid value: "null": spec.slug in body must be of type string: "null"',
    );
    const made = await applySpec(court, name, 'alice', { size: 3, colour: null, maybe: null });
    expect(made.spec).toEqual({ size: 3, colour: 'red', maybe: null });
    expect(JSON.stringify(made.metadata.managedFields)).toContain('"f:colour"');
  });

  court.it('lets kubectl take over what its client-side apply wrote, and keeps its annotation true', async () => {
    const LAST = 'kubectl.kubernetes.io/last-applied-configuration';
    const name = court.name();
    const config = (spec: object) => ({ ...court.widget(name), spec: spec as Record<string, unknown> });
    const first = config({ size: 3, slug: 'abc', weight: 1 });
    const annotated = { ...first, metadata: { ...first.metadata, annotations: { [LAST]: JSON.stringify(first) } } };
    await court.server.create(court.type, annotated, { fieldManager: 'kubectl-client-side-apply' });

    const stranger = await refusal(applySpec(court, name, 'alice', { size: 4 }));
    expect(stranger).toMatchObject({ statusReason: 'Conflict' });
    const taken = await applySpec(court, name, 'kubectl', { size: 4, slug: 'abc' });
    expect(taken.spec).toMatchObject({ size: 4, slug: 'abc', weight: 1 });
    expect(JSON.parse(taken.metadata.annotations?.[LAST] ?? '')).toEqual(config({ size: 4, slug: 'abc' }));

    const body = { spec: { size: 5 } };
    await court.server.patch(court.type, taken.metadata, { type: 'merge', body }, { fieldManager: 'carol' });
    const changed = await refusal(applySpec(court, name, 'kubectl', { size: 6, slug: 'abc' }));
    expect(changed).toMatchObject({ statusReason: 'Conflict' });
    expect(changed.message).toContain('conflict with "carol"');
  });

  court.it('lets two managers own different fields', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3 });
    const both = await applySpec(court, name, 'bob', { colour: 'blue' }, true);
    expect(both.spec).toMatchObject({ size: 3, colour: 'blue' });
    expect(owners(both)).toEqual(expect.arrayContaining(['alice Apply', 'bob Apply']));
  });

  court.it('refuses a field that another manager owns, and says whose it is', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3 });
    const error = await refusal(applySpec(court, name, 'bob', { size: 4 }));
    expect(error).toMatchObject({ family: 'Conflict', statusReason: 'Conflict', code: 409 });
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "alice": .spec.size');
    expect(error.statusDetails?.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "alice"', field: '.spec.size' },
    ]);
    expect((await court.read(name)).spec.size).toBe(3);
  });

  court.it('lists every conflict by manager', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3, slug: 'abc' });
    await applySpec(court, name, 'carol', { notes: { k: 'v' } });
    const error = await refusal(applySpec(court, name, 'bob', { size: 4, slug: 'xyz', notes: { k: 'w' } }));
    expect(error.message).toBe(
      'Apply failed with 3 conflicts: conflicts with "alice":\n- .spec.size\n- .spec.slug\n' +
        'conflicts with "carol":\n- .spec.notes.k',
    );
    // A real server lists the causes in an order that changes from time to time.
    expect(error.statusDetails?.causes?.map(({ field }) => field).sort()).toEqual([
      '.spec.notes.k',
      '.spec.size',
      '.spec.slug',
    ]);
  });

  court.it('names an updating manager with its operation and time', async () => {
    const name = court.name();
    await court.server.create(court.type, court.widget(name, { size: 2 }), { fieldManager: 'editor' });
    const error = await refusal(applySpec(court, name, 'bob', { size: 4 }));
    expect(error.message).toMatch(
      new RegExp(`^Apply failed with 1 conflict: conflict with "editor" using ${court.group}/v1: \\.spec\\.size$`),
    );
  });

  court.it('takes a field over by force', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3 });
    const taken = await applySpec(court, name, 'bob', { size: 4 }, true);
    expect(taken.spec.size).toBe(4);
    expect(owners(taken)).toEqual(['bob Apply']);
  });

  court.it('shares a field on which two managers agree', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3, slug: 'abc' });
    await applySpec(court, name, 'bob', { size: 3, slug: 'abc' });
    const kept = await applySpec(court, name, 'alice', { size: 3 });
    expect(kept.spec.slug).toBe('abc');
    const error = await refusal(applySpec(court, name, 'alice', { size: 4 }));
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "bob": .spec.size');
  });

  court.it('removes a field that its only owner gives up', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3, slug: 'abc', notes: { a: '1', b: '2' } });
    const after = await applySpec(court, name, 'alice', { size: 3, notes: { b: '2' } });
    expect(after.spec).toEqual({ size: 3, colour: 'red', notes: { b: '2' } });
  });

  court.it('brings a default back when its field is given up', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 3, colour: 'blue' });
    const after = await applySpec(court, name, 'alice', { size: 3 });
    expect(after.spec.colour).toBe('red');
  });

  court.it('merges a list of maps by its key', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 1, parts: [{ name: 'a', note: 'alice' }] });
    const both = await applySpec(court, name, 'bob', { parts: [{ name: 'b', note: 'bob' }] });
    expect(both.spec.parts).toEqual([
      { name: 'a', note: 'alice', count: 1 },
      { name: 'b', note: 'bob', count: 1 },
    ]);
    const left = await applySpec(court, name, 'alice', { size: 1 });
    expect(left.spec.parts).toEqual([{ name: 'b', note: 'bob', count: 1 }]);
  });

  court.it('reports a conflict inside a keyed list by the key', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 1, parts: [{ name: 'a', note: 'alice' }] });
    const error = await refusal(applySpec(court, name, 'bob', { parts: [{ name: 'a', note: 'bob' }] }));
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "alice": .spec.parts[name="a"].note');
  });

  court.it('refuses two items with one key', async () => {
    const parts = [{ name: 'a' }, { name: 'a' }];
    const error = await refusal(applySpec(court, court.name(), 'alice', { size: 1, parts }));
    expect(error.family === 'Invalid' || error.statusReason === 'InternalError').toBe(true);
  });

  court.it('unites sets', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 1, tags: ['x', 'y'] });
    const both = await applySpec(court, name, 'bob', { tags: ['y', 'z'] });
    expect(both.spec.tags).toEqual(['x', 'y', 'z']);
    const left = await applySpec(court, name, 'alice', { size: 1, tags: [] });
    expect(left.spec.tags).toEqual(['y', 'z']);
  });

  court.it('treats an atomic list and an atomic map as one value', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 1, steps: ['one'], frozen: { a: '1' } });
    const error = await refusal(applySpec(court, name, 'bob', { steps: ['two'], frozen: { b: '2' } }));
    expect(error.message).toBe('Apply failed with 2 conflicts: conflicts with "alice":\n- .spec.frozen\n- .spec.steps');
    const taken = await applySpec(court, name, 'bob', { steps: ['two'], frozen: { b: '2' } }, true);
    expect(taken.spec).toMatchObject({ steps: ['two'], frozen: { b: '2' } });
  });

  court.it('owns the status apart from the spec', async () => {
    const name = court.name();
    await applySpec(court, name, 'alice', { size: 1 });
    const wish = {
      ...court.widget(name),
      spec: { size: 99 },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const told = await court.server.apply<Widget>(court.type, wish, { fieldManager: 'alice', subresource: 'status' });
    expect(told.spec.size).toBe(1);
    expect(told.status).toEqual({ conditions: [{ type: 'Ready', status: 'True' }] });
    expect(owners(told)).toEqual(['alice Apply', 'alice Apply status']);
    const after = await applySpec(court, name, 'alice', { size: 2 });
    expect(after.status).toEqual(told.status);
  });

  court.it('merges conditions of two managers', async () => {
    const name = court.name();
    await court.create(name);
    const wish = (type: string) => ({ ...court.widget(name), status: { conditions: [{ type, status: 'True' }] } });
    const status = { subresource: 'status' as const };
    await court.server.apply(court.type, wish('Ready'), { fieldManager: 'alice', ...status });
    const both = await court.server.apply<Widget>(court.type, wish('Warm'), { fieldManager: 'bob', ...status });
    expect(both.status?.conditions).toEqual([
      { type: 'Ready', status: 'True' },
      { type: 'Warm', status: 'True' },
    ]);
  });

  court.it('answers NotFound when the status of nobody is applied', async () => {
    const wish = { ...court.widget('nobody'), status: { phase: 'x' } };
    const options = { fieldManager: 'alice', subresource: 'status' as const };
    expect(await refusal(court.server.apply(court.type, wish, options))).toMatchObject({ statusReason: 'NotFound' });
  });

  court.it('does not raise the version when the same is applied again', async () => {
    const name = court.name();
    const first = await applySpec(court, name, 'alice', { size: 1, notes: { a: 'b' } });
    const again = await applySpec(court, name, 'alice', { size: 1, notes: { a: 'b' } });
    expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  court.it('records an update under its manager and takes the fields from nobody', async () => {
    const name = court.name();
    const first = await applySpec(court, name, 'alice', { size: 1 });
    const changed = { ...first, spec: { ...first.spec, slug: 'abc' } };
    const after = await court.server.update<Widget>(court.type, changed, { fieldManager: 'editor' });
    expect(owners(after)).toEqual(['alice Apply', 'editor Update']);
    expect(after.metadata.managedFields?.[1]?.fieldsV1).toEqual({ 'f:spec': { 'f:slug': {} } });
  });

  court.it('takes a changed field from its applier through an update', async () => {
    const name = court.name();
    const first = await applySpec(court, name, 'alice', { size: 1 });
    await court.server.update(court.type, { ...first, spec: { ...first.spec, size: 2 } }, { fieldManager: 'editor' });
    const error = await refusal(applySpec(court, name, 'alice', { size: 1 }));
    expect(error.message).toContain('conflict with "editor" using');
  });

  court.it('refuses an apply that names an older version', async () => {
    const name = court.name();
    const first = await applySpec(court, name, 'alice', { size: 1 });
    await applySpec(court, name, 'alice', { size: 2 });
    const wish = court.widget(name, { size: 3 });
    wish.metadata.resourceVersion = first.metadata.resourceVersion;
    const error = await refusal(court.server.apply(court.type, wish, { fieldManager: 'alice' }));
    expect(error).toMatchObject({ statusReason: 'Conflict', code: 409 });
  });

  court.it('refuses an object of another kind than its address', async () => {
    const wish = { ...court.widget(court.name()), kind: 'Gadget' };
    expect(await refusal(court.server.apply(court.type, wish, { fieldManager: 'alice' }))).toMatchObject({
      statusReason: 'BadRequest',
    });
  });

  court.it('applies labels, annotations and built-in kinds', async () => {
    const name = court.name('c');
    const config = (labels: object, data: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: court.namespace, labels: labels as Record<string, string> },
      data,
    });
    await court.server.apply(CONFIG_MAP, config({ a: '1' }, { x: '1' }), { fieldManager: 'alice' });
    const both = await court.server.apply(CONFIG_MAP, config({ b: '2' }, { y: '2' }), { fieldManager: 'bob' });
    expect(both).toMatchObject({ metadata: { labels: { a: '1', b: '2' } }, data: { x: '1', y: '2' } });
    const error = await refusal(court.server.apply(CONFIG_MAP, config({}, { x: '2' }), { fieldManager: 'bob' }));
    expect(error.message).toBe('Apply failed with 1 conflict: conflict with "alice": .data.x');
  });
});
