import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { connectionOf } from '../../../src/kube/remote/cluster-choice.js';
import { readServiceAccount } from '../../../src/kube/transport/service-account.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';

const ENV = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '6443' };

describe('the service account of a pod', () => {
  const folder = temporaryFolder();
  const mounted = (files: Record<string, string>) => {
    const mount = folder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(mount, name), text);
    return mount;
  };

  it('is a connection', async () => {
    const mount = mounted({ token: 'first\n', 'ca.crt': 'authority', namespace: 'team-a\n' });
    const connection = readServiceAccount(ENV, mount);
    expect(connection).toMatchObject({ server: 'https://10.96.0.1:6443', namespace: 'team-a' });
    expect(await connection?.signIn()).toMatchObject({ token: 'first', ca: 'authority' });
  });

  it('signs in with what the kubelet has written since, and is read again soon', async () => {
    const mount = mounted({ token: 'first', 'ca.crt': 'authority' });
    const connection = readServiceAccount(ENV, mount);
    writeFileSync(join(mount, 'token'), 'second');
    writeFileSync(join(mount, 'ca.crt'), 'next authority');
    const before = Date.now();
    const { freshUntil, ...credentials } = (await connection?.signIn()) ?? {};
    expect(credentials).toEqual({ token: 'second', ca: 'next authority' });
    expect(freshUntil).toBeGreaterThanOrEqual(before + 10_000);
  });

  it('may be that of a cluster with IPv6', () => {
    const connection = readServiceAccount({ KUBERNETES_SERVICE_HOST: 'fd00::1' }, mounted({ token: 't' }));
    expect(connection).toMatchObject({ server: 'https://[fd00::1]:443', namespace: 'default' });
  });

  it('is nothing outside a cluster, and who asks for it hears why', () => {
    expect(readServiceAccount({}, mounted({ token: 't' }))).toBeUndefined();
    expect(readServiceAccount(ENV, mounted({}))).toBeUndefined();
    expect(() => connectionOf({ mode: 'in-cluster' }, {})).toThrow('KUBERNETES_SERVICE_HOST is not set');
  });
});
