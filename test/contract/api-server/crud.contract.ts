import { expect } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/resource/object.js';
import { refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, SECRET, type Widget } from './widget.js';

underEveryJudge('Creating, reading, replacing and deleting', (court) => {
  court.it('gives a new object its envelope', async () => {
    const name = court.name();
    const made = await court.create(name);
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(made.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(made.metadata.generation).toBe(1);
    expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await court.read(name)).toEqual(made);
  });

  court.it('ignores what only the server may say about a new object', async () => {
    const wish = court.widget(court.name());
    Object.assign(wish.metadata, { uid: 'mine', generation: 7, creationTimestamp: '2001-01-01T00:00:00Z' });
    const made = await court.server.create(court.type, wish);
    expect(made.metadata.uid).not.toBe('mine');
    expect(made.metadata.generation).toBe(1);
    expect(made.metadata.creationTimestamp).not.toMatch(/^2001/);
  });

  court.it('refuses a new object that names a resourceVersion', async () => {
    const wish = court.widget(court.name());
    wish.metadata.resourceVersion = '5';
    const error = await refusal(court.server.create(court.type, wish));
    // A real server calls this mistake of the caller an internal error; the message is what counts.
    expect(error.code).toBeGreaterThanOrEqual(400);
    expect(error.message).toBe('resourceVersion should not be set on objects to be created');
  });

  court.it('refuses a second object of the same name with AlreadyExists', async () => {
    const { metadata } = await court.create();
    const error = await refusal(court.create(metadata.name));
    expect(error).toMatchObject({
      family: 'Conflict',
      statusReason: 'AlreadyExists',
      code: 409,
      message: `widgets.${court.group} "${metadata.name}" already exists`,
      statusDetails: { name: metadata.name, group: court.group, kind: 'widgets' },
    });
  });

  court.it('answers NotFound for an object that is not there', async () => {
    const message = `widgets.${court.group} "nobody" not found`;
    const expected = { family: 'NotFound', statusReason: 'NotFound', code: 404, message };
    expect(await refusal(court.read('nobody'))).toMatchObject(expected);
    expect(await refusal(court.server.delete(court.type, court.key('nobody')))).toMatchObject(expected);
    expect(await refusal(court.server.update(court.type, updated(court.widget('nobody'), '1')))).toMatchObject(
      expected,
    );
    const patch = { type: 'merge' as const, body: { spec: { size: 2 } } };
    expect(await refusal(court.server.patch(court.type, court.key('nobody'), patch))).toMatchObject(expected);
  });

  court.it('answers NotFound without quotes of a kind that is not served', async () => {
    const stranger = { ...court.type, group: 'nowhere.example.com' };
    expect(await refusal(court.server.list(stranger))).toMatchObject({ statusReason: 'NotFound', code: 404 });
  });

  court.it('refuses an object in a namespace that does not exist', async () => {
    const lost = court.widget(court.name());
    lost.metadata.namespace = 'no-such-place';
    expect(await refusal(court.server.create(court.type, lost))).toMatchObject({
      statusReason: 'NotFound',
      message: 'namespaces "no-such-place" not found',
    });
  });

  court.it('completes generateName with five characters of its alphabet', async () => {
    const wish = court.widget('');
    wish.metadata.generateName = 'gen-';
    const names = await Promise.all(
      [1, 2, 3].map(async () => (await court.server.create(court.type, structuredClone(wish))).metadata),
    );
    for (const { name, generateName } of names) {
      expect(name).toMatch(/^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(generateName).toBe('gen-');
    }
    expect(new Set(names.map(({ name }) => name)).size).toBe(3);
  });

  court.it('refuses an object without a name', async () => {
    const error = await refusal(court.server.create(court.type, court.widget('')));
    expect(error).toMatchObject({ family: 'Invalid', code: 422 });
    expect(error.message).toContain('metadata.name: Required value: name or generateName is required');
  });

  court.it('refuses a name that is no DNS subdomain, in the words of Kubernetes', async () => {
    const error = await refusal(court.server.create(court.type, court.widget('Not_A_Name')));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toBe(
      `Widget.${court.group} "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 ` +
        "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is " +
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
    expect(error.statusDetails).toMatchObject({
      name: 'Not_A_Name',
      group: court.group,
      kind: 'Widget',
      causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }],
    });
  });

  court.it('refuses a label value that is none', async () => {
    const wish = court.widget(court.name());
    wish.metadata.labels = { ok: 'not ok!' };
    const error = await refusal(court.server.create(court.type, wish));
    expect(error.statusDetails?.causes).toMatchObject([{ reason: 'FieldValueInvalid', field: 'metadata.labels' }]);
    expect(error.message).toContain(
      'metadata.labels: Invalid value: "not ok!": a valid label must be an empty string or consist of alphanumeric ' +
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    );
  });

  court.it('asks for a namespace', async () => {
    const wish = court.widget(court.name());
    delete wish.metadata.namespace;
    expect(await refusal(court.server.create(court.type, wish))).toMatchObject({ family: 'Invalid', code: 400 });
  });

  court.it('refuses a replacement that is based on an older version', async () => {
    const first = await court.create();
    await court.server.update(court.type, { ...first, spec: { size: 2 } });
    const error = await refusal(court.server.update(court.type, { ...first, spec: { size: 3 } }));
    expect(error).toMatchObject({
      family: 'Conflict',
      statusReason: 'Conflict',
      code: 409,
      message:
        `Operation cannot be fulfilled on widgets.${court.group} "${first.metadata.name}": the object has been ` +
        'modified; please apply your changes to the latest version and try again',
    });
    expect((await court.read(first.metadata.name)).spec.size).toBe(2);
  });

  court.it('refuses a replacement of a custom resource without a resourceVersion', async () => {
    const { metadata } = await court.create();
    const error = await refusal(court.server.update(court.type, court.widget(metadata.name, { size: 2 })));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toBe(
      `widgets.${court.group} "${metadata.name}" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
    );
  });

  court.it('takes a replacement of a built-in kind without a resourceVersion', async () => {
    const name = court.name('c');
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: court.namespace } };
    await court.server.create(CONFIG_MAP, { ...config, data: { a: '1' } });
    const after = await court.server.update(CONFIG_MAP, { ...config, data: { b: '2' } });
    expect(after.data).toEqual({ b: '2' });
  });

  court.it('refuses a replacement under another uid', async () => {
    const made = await court.create();
    const other = { ...made, metadata: { ...made.metadata, uid: '00000000-0000-4000-8000-000000000000' } };
    const error = await refusal(court.server.update(court.type, other));
    expect(error).toMatchObject({ statusReason: 'Conflict', code: 409 });
    expect(error.message).toContain('Precondition failed: UID in precondition: 00000000-0000-4000-8000-000000000000');
  });

  court.it('raises the generation for a change of the spec and for nothing else', async () => {
    const made = await court.create();
    const labelled = await court.server.update(court.type, labelledAs(made, { a: 'b' }));
    expect(labelled.metadata.generation).toBe(1);
    const changed = await court.server.update(court.type, { ...labelled, spec: { size: 2 } });
    expect(changed.metadata.generation).toBe(2);
    const told = await court.server.update(
      court.type,
      { ...changed, status: { phase: 'x' } },
      { subresource: 'status' },
    );
    expect(told.metadata.generation).toBe(2);
  });

  court.it('does not raise the version for a write that changes nothing', async () => {
    const made = await court.create();
    const again = await court.server.update(court.type, made);
    expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    const patched = await court.server.patch(court.type, court.key(made.metadata.name), {
      type: 'merge',
      body: { spec: { size: 1 } },
    });
    expect(patched.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  });

  court.it('drops the status of a new object and of a replacement', async () => {
    const name = court.name();
    const made = await court.server.create(court.type, { ...court.widget(name), status: { phase: 'Dreamt' } });
    expect(made.status).toBeUndefined();
    const after = await court.server.update(court.type, { ...made, status: { phase: 'Dreamt' } });
    expect(after.status).toBeUndefined();
  });

  court.it('writes the status, and nothing else, through the subresource', async () => {
    const made = await court.create();
    const wish = labelledAs({ ...made, spec: { size: 50 }, status: { phase: 'Real' } }, { from: 'status' });
    const told = await court.server.update<Widget>(court.type, wish, { subresource: 'status' });
    expect(told.status).toEqual({ phase: 'Real' });
    expect(told.spec).toEqual(made.spec);
    expect(told.metadata.labels).toBeUndefined();
  });

  court.it('keeps the status through a replacement of the rest', async () => {
    const made = await court.create();
    const told = await court.server.update(
      court.type,
      { ...made, status: { phase: 'Real' } },
      { subresource: 'status' },
    );
    const { status: _, ...rest } = told;
    const after = await court.server.update<Widget>(court.type, { ...rest, spec: { size: 9 } } as Widget);
    expect(after).toMatchObject({ spec: { size: 9 }, status: { phase: 'Real' } });
  });

  court.it('deletes only the object that the preconditions describe', async () => {
    const made = await court.create();
    const key = court.key(made.metadata.name);
    const uid = '00000000-0000-4000-8000-000000000000';
    const wrongUid = await refusal(court.server.delete(court.type, key, { preconditions: { uid } }));
    expect(wrongUid).toMatchObject({ statusReason: 'Conflict', code: 409 });
    expect(wrongUid.message).toBe(
      `Operation cannot be fulfilled on Widget.${court.group} "${made.metadata.name}": the UID in the precondition ` +
        `(${uid}) does not match the UID in record (${made.metadata.uid}). The object might have been deleted and ` +
        'then recreated',
    );
    const stale = await refusal(court.server.delete(court.type, key, { preconditions: { resourceVersion: '1' } }));
    expect(stale).toMatchObject({ statusReason: 'Conflict', code: 409 });
    const { uid: right, resourceVersion } = made.metadata;
    await court.server.delete(court.type, key, { preconditions: { uid: right, resourceVersion } });
    await court.gone(made.metadata.name);
  });

  court.it('turns stringData of a Secret into data and shows it no more', async () => {
    const name = court.name('s');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: court.namespace },
      data: { a: 'b2xk', b: 'Yg==' },
      stringData: { a: 'new' },
    };
    const made = await court.server.create<UntypedObject>(SECRET, secret);
    expect(made).toMatchObject({ type: 'Opaque', data: { a: 'bmV3', b: 'Yg==' } });
    expect(made.stringData).toBeUndefined();
    expect(made.metadata.generation).toBeUndefined();
  });

  court.it('asks of a Secret what its type needs', async () => {
    const secret = (type: string, data?: object) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: court.name(), namespace: court.namespace },
      type,
      ...(data ? { data } : {}),
    });
    const refused = async (...args: Parameters<typeof secret>) =>
      (await refusal(court.server.create(SECRET, secret(...args)))).statusDetails?.causes?.map(({ field }) => field);
    expect(await refused('kubernetes.io/tls', { 'tls.crt': 'eA==' })).toEqual(['data[tls.key]']);
    expect(await refused('kubernetes.io/basic-auth')).toEqual(['data[username]', 'data[password]']);
    expect(await refused('kubernetes.io/ssh-auth')).toEqual(['data[ssh-privatekey]']);
    expect(await refused('kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'eA==' })).toEqual([
      'data[.dockerconfigjson]',
    ]);
    expect(await refused('kubernetes.io/service-account-token')).toEqual([
      'metadata.annotations[kubernetes.io/service-account.name]',
    ]);
    await court.server.create(SECRET, secret('kubernetes.io/basic-auth', { username: 'eA==' }));
    await court.server.create(SECRET, secret('example.com/own'));
  });

  court.it('refuses a Service whose parts are of another type', async () => {
    const SERVICE = { ...CONFIG_MAP, kind: 'Service', plural: 'services' };
    for (const spec of ['x', { ports: 'x' }, { ports: ['x'] }, { ports: [{ port: 'x' }] }]) {
      const metadata = { name: court.name(), namespace: court.namespace };
      const service = { apiVersion: 'v1', kind: 'Service', metadata, spec };
      const { code } = await refusal(court.server.create(SERVICE, service));
      expect([400, 422]).toContain(code);
    }
  });

  court.it('refuses a ConfigMap with a key that is both text and bytes', async () => {
    const metadata = { name: court.name(), namespace: court.namespace };
    const both = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'x' }, binaryData: { a: 'eA==' } };
    const error = await refusal(court.server.create(CONFIG_MAP, both));
    expect(error.message).toContain('data[a]: Invalid value: "a": duplicate of key present in binaryData');
  });

  court.it('refuses a Secret whose data is not base64', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: court.name('s'), namespace: court.namespace },
      data: { a: '???' },
    };
    expect(await refusal(court.server.create(SECRET, secret))).toMatchObject({ family: 'Invalid', code: 400 });
  });
});

function updated(widget: Widget, resourceVersion: string): Widget {
  return { ...widget, metadata: { ...widget.metadata, resourceVersion } };
}

function labelledAs(widget: Widget, labels: Record<string, string>): Widget {
  return { ...widget, metadata: { ...widget.metadata, labels } };
}
