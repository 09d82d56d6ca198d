import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { locate } from '../../../src/cli/cluster/locate.js';
import { readKubeconfig } from '../../../src/kube/client/kubeconfig.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { RecordingTerminal } from './recording-terminal.js';

const config = (server: string, user: Record<string, unknown> = {}) =>
  JSON.stringify({
    'current-context': 'one',
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u', namespace: 'team' } },
      { name: 'two', context: { cluster: 'c' } },
    ],
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': btoa('the ca') } }],
    users: [{ name: 'u', user }],
  });

describe('which cluster the command line talks to', () => {
  let root: string;
  const folder = temporaryFolder();
  beforeEach(async () => {
    root = folder();
    for (const name of ['data', '.ark', '.kube']) await mkdir(join(root, name));
    await writeFile(join(root, 'explicit'), config('https://explicit'));
    await writeFile(join(root, 'listed'), config('https://listed'));
    await writeFile(join(root, 'data/kubeconfig'), config('https://data'));
    await writeFile(join(root, '.ark/kubeconfig'), config('https://here'));
  });

  const server = async (choice: Parameters<typeof locate>[1], env: NodeJS.ProcessEnv = {}) =>
    (await locate(new RecordingTerminal(root, env), choice)).connection.server;

  it('is the most explicit one', async () => {
    const env = { ARK_DATA_DIR: 'data', KUBECONFIG: join(root, 'listed') };
    expect(await server({ kubeconfig: 'explicit', dataDir: 'data' }, env)).toBe('https://explicit');
    expect(await server({ dataDir: '.ark' }, env)).toBe('https://here');
    expect(await server({}, env)).toBe('https://data');
    expect(await server({ context: 'one' }, env)).toBe('https://listed');
    expect(await server({}, { KUBECONFIG: join(root, 'listed') })).toBe('https://listed');
    expect(await server({})).toBe('https://here');
  });

  it('reads tokens, certificates, impersonation and exec plugins', async () => {
    await writeFile(join(root, 'token'), 'from-a-file\n');
    await writeFile(join(root, 'plugin'), '#!/bin/sh\necho \'{"status":{"token":"from-a-plugin"}}\'\n');
    await chmod(join(root, 'plugin'), 0o755);
    const users: [Record<string, unknown>, Record<string, unknown>][] = [
      [{ token: 't' }, { token: 't' }],
      [{ tokenFile: 'token' }, { token: 'from-a-file' }],
      [{ exec: { command: './plugin', args: null } }, { token: 'from-a-plugin' }],
      [
        { 'client-certificate-data': btoa('cert'), 'client-key-data': btoa('key') },
        { certificate: 'cert', key: 'key' },
      ],
      [{ as: 'jane', 'as-groups': ['dev'] }, { impersonate: { user: 'jane', groups: ['dev'] } }],
    ];
    for (const [user, credentials] of users) {
      await writeFile(join(root, 'mine'), config('https://mine', user));
      const connection = await readKubeconfig([join(root, 'mine')]);
      expect(connection).toMatchObject({ server: 'https://mine', ca: 'the ca', namespace: 'team' });
      expect(connection.credentials).toEqual(credentials);
    }
  });

  it('passes over files of a list that are not there', async () => {
    const connection = await readKubeconfig([join(root, 'absent'), join(root, 'explicit')]);
    expect(connection.server).toBe('https://explicit');
    await expect(readKubeconfig([join(root, 'absent'), join(root, 'gone')])).rejects.toThrow('no kubeconfig at');
  });

  it('names the contexts there are when the one asked for is missing', async () => {
    await expect(readKubeconfig([join(root, 'explicit')], { context: 'three' })).rejects.toThrow(
      /has no context "three"; it has: one, two/,
    );
  });

  it('says what failed when a credential plugin does', async () => {
    const exec = { command: 'no-such-plugin-here', installHint: 'Install it from the vendor.' };
    await writeFile(join(root, 'mine'), config('https://mine', { exec }));
    await expect(readKubeconfig([join(root, 'mine')])).rejects.toThrow(
      'The credential plugin "no-such-plugin-here" failed: Install it from the vendor.',
    );
  });
});
