import { expect } from '@jest/globals';
import { StatusError } from '../../../src/kube/api-server/status.js';
import { eventually } from '../../harness/eventually.js';
import { refusal, underEveryJudge } from './court.js';
import { CONFIG_MAP, LEASE, type Widget } from './widget.js';

const crowd = (size: number) => Array.from({ length: size }, (_, index) => index);

underEveryJudge('Many writers', (court) => {
  court.it('of one name: exactly one makes the object', async () => {
    const name = court.name();
    const results = await Promise.allSettled(crowd(20).map(() => court.create(name)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(StatusError.is(result.reason, 'AlreadyExists')).toBe(true);
    }
  });

  court.it('of one object: no update is lost when every writer names the version it has read', async () => {
    const { metadata } = await court.create(court.name(), { size: 1 });
    const increment = async (): Promise<void> => {
      // Who tries again at once must not keep the write that it waits for from being finished.
      for (let tries = 0; tries < 2_000; tries++) {
        const seen = await court.read(metadata.name);
        try {
          await court.server.update(court.type, { ...seen, spec: { size: Number(seen.spec.size) + 1 } });
          return;
        } catch (error) {
          if (!StatusError.is(error, 'Conflict')) throw error;
        }
      }
      throw new Error('every try met a conflict');
    };
    await Promise.all(crowd(8).map(increment));
    const after = await court.read(metadata.name);
    expect(after.spec.size).toBe(9);
    expect(after.metadata.generation).toBe(9);
  });

  court.it('with fields of their own: every apply is kept', async () => {
    const name = court.name();
    await court.create(name);
    const apply = (index: number) => {
      const wish = { ...court.widget(name), spec: { notes: { [`k${index}`]: `v${index}` } } };
      return court.server.apply<Widget>(court.type, wish, { fieldManager: `m${index}`, fieldValidation: 'Strict' });
    };
    await Promise.all(crowd(10).map(apply));
    const after = await court.read(name);
    expect(Object.keys(after.spec.notes as object).sort()).toEqual(crowd(10).map((index) => `k${index}`));
  });

  court.it('with patches: every label is kept, without a version named', async () => {
    const { metadata } = await court.create();
    const label = (index: number) =>
      court.server.patch(court.type, court.key(metadata.name), {
        type: 'merge',
        body: { metadata: { labels: { [`l${index}`]: 'x' } } },
      });
    await Promise.all(crowd(10).map(label));
    expect(Object.keys((await court.read(metadata.name)).metadata.labels ?? {})).toHaveLength(10);
  });

  court.it('are told in the order of their versions, to everyone alike', async () => {
    const { metadata } = await court.server.list(court.type);
    const listen = (expected: number) => {
      const abort = new AbortController();
      const versions: number[] = [];
      const events = court.server.watch<Widget>(court.type, {
        namespace: court.namespace,
        resourceVersion: metadata.resourceVersion,
        signal: abort.signal,
      });
      const done = (async () => {
        for await (const { object } of events) {
          versions.push(Number(object.metadata.resourceVersion));
          if (versions.length === expected) abort.abort();
        }
        return versions;
      })();
      return done;
    };
    const ears = [listen(30), listen(30), listen(30)];
    await Promise.all(crowd(30).map(() => court.create()));
    const [first = [], ...others] = await Promise.all(ears);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(new Set(first).size).toBe(30);
    for (const other of others) expect(other).toEqual(first);
  });

  court.it('for one lease: exactly one takes it over', async () => {
    const key = { name: court.name('lease'), namespace: court.namespace };
    const lease = await court.server.create(LEASE, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: key,
      spec: { holderIdentity: 'nobody', leaseDurationSeconds: 15, renewTime: '2024-05-06T07:08:09.123456Z' },
    });
    expect(lease).toMatchObject({ spec: { renewTime: '2024-05-06T07:08:09.123456Z' } });
    const take = (index: number) =>
      court.server.update(LEASE, { ...lease, spec: { ...(lease.spec as object), holderIdentity: `holder-${index}` } });
    const results = await Promise.allSettled(crowd(10).map(take));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

underEveryJudge('Size', (court) => {
  court.it('of a request is bounded', async () => {
    const error = await refusal(court.create(court.name(), { anything: { big: 'x'.repeat(4_000_000) } }));
    expect(error).toMatchObject({ family: 'Invalid', statusReason: 'RequestEntityTooLarge', code: 413 });
  });

  court.it('of a config map is bounded at a mebibyte', async () => {
    const data = { big: 'x'.repeat(1_048_577) };
    const metadata = { name: court.name('c'), namespace: court.namespace };
    const error = await refusal(
      court.server.create(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }),
    );
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toBe(
      `ConfigMap "${metadata.name}" is invalid: []: Too long: may not be more than 1048576 bytes`,
    );
  });

  court.it('of a secret is bounded by what its base64 stands for', async () => {
    const SECRET = { ...CONFIG_MAP, kind: 'Secret', plural: 'secrets' };
    const metadata = { name: court.name('s'), namespace: court.namespace };
    const secret = (size: number) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      data: { big: Buffer.alloc(size).toString('base64') },
    });
    const error = await refusal(court.server.create(SECRET, secret(1_048_577)));
    expect(error.message).toBe(
      `Secret "${metadata.name}" is invalid: data: Too long: may not be more than 1048576 bytes`,
    );
    await court.server.create(SECRET, secret(900_000));
  });

  court.it('of half a mebibyte passes, also through a watch', async () => {
    const big = 'ü'.repeat(250_000);
    const name = court.name();
    const made = await court.create(name, { anything: { big } });
    const abort = new AbortController();
    const events = court.server.watch<Widget>(court.type, {
      namespace: court.namespace,
      fieldSelector: `metadata.name=${name}`,
      signal: abort.signal,
    });
    for await (const { object } of events) {
      expect(object).toEqual(made);
      break;
    }
    abort.abort();
  });
});

underEveryJudge('Built-in kinds', (court) => {
  const config = (data: object, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: court.name('c'), namespace: court.namespace },
    data,
    ...more,
  });

  court.it('have words of their own for what is wrong', async () => {
    const wish = config({ 'not a key': 'x' });
    const error = await refusal(court.server.create(CONFIG_MAP, wish));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toBe(
      `ConfigMap "${wish.metadata.name}" is invalid: data[not a key]: Invalid value: "not a key": a valid config key ` +
        "must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', " +
        "regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  });

  court.it('keep an immutable config map as it is', async () => {
    const made = await court.server.create(CONFIG_MAP, config({ a: '1' }, { immutable: true }));
    const error = await refusal(court.server.update(CONFIG_MAP, { ...made, data: { a: '2' } }));
    expect(error.message).toBe(
      `ConfigMap "${made.metadata.name}" is invalid: data: Forbidden: field is immutable when \`immutable\` is set`,
    );
  });

  court.it('name what exists and what is missing without a group', async () => {
    const made = await court.server.create(CONFIG_MAP, config({}));
    const { name, namespace } = made.metadata;
    const twice = await refusal(court.server.create(CONFIG_MAP, { ...config({}), metadata: { name, namespace } }));
    expect(twice.message).toBe(`configmaps "${name}" already exists`);
    const missing = await refusal(court.server.get(CONFIG_MAP, { name: 'nobody', namespace: court.namespace }));
    expect(missing.message).toBe('configmaps "nobody" not found');
    expect(missing.statusDetails).toEqual({ name: 'nobody', kind: 'configmaps' });
  });

  court.it('refuse to lose the default namespace', async () => {
    const NAMESPACE = { ...CONFIG_MAP, kind: 'Namespace', plural: 'namespaces', namespaced: false };
    const error = await refusal(court.server.delete(NAMESPACE, { name: 'default' }));
    expect(error).toMatchObject({ statusReason: 'Forbidden', code: 403 });
    expect(error.message).toBe('namespaces "default" is forbidden: this namespace may not be deleted');
  });

  court.it('take Services with a port and give them a type', async () => {
    const SERVICE = { ...CONFIG_MAP, kind: 'Service', plural: 'services' };
    const metadata = { name: court.name('svc'), namespace: court.namespace };
    const spec = { selector: { app: 'x' }, ports: [{ port: 80, targetPort: 'http' }] };
    const made = await court.server.create(SERVICE, { apiVersion: 'v1', kind: 'Service', metadata, spec });
    expect(made).toMatchObject({
      spec: { type: 'ClusterIP', ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] },
    });
    await court.server.delete(SERVICE, metadata);
    await eventually(async () => {
      expect((await refusal(court.server.get(SERVICE, metadata))).statusReason).toBe('NotFound');
    });
  });

  court.it('keep the type of a Secret', async () => {
    const SECRET = { ...CONFIG_MAP, kind: 'Secret', plural: 'secrets' };
    const metadata = { name: court.name('s'), namespace: court.namespace };
    const made = await court.server.create(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'a.io/b' });
    const error = await refusal(court.server.update(SECRET, { ...made, type: 'Opaque' }));
    expect(error).toMatchObject({ statusReason: 'Invalid', code: 422 });
    expect(error.message).toContain('type: Invalid value: "Opaque": field is immutable');
  });
});
