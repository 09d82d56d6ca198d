import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { eventually } from '../../harness/eventually.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { RecordingTerminal } from './recording-terminal.js';
import { ScriptedCluster } from './scripted-cluster.js';

const RUNNING = { phase: 'running' };
const DONE = { phase: 'done', response: { content: 'Hello back' } };

describe('waiting for an answer', () => {
  let cluster: ScriptedCluster;
  let terminal: RecordingTerminal;
  const folder = temporaryFolder();
  const begin = async (user?: Record<string, unknown>) => {
    cluster = await ScriptedCluster.start(folder(), user);
    cluster.statuses = [RUNNING];
    terminal = new RecordingTerminal(cluster.folder, { ARK_DATA_DIR: cluster.folder });
  };
  beforeEach(() => begin());
  afterEach(() => cluster.close());

  const ark = (...args: string[]) => run(args, terminal, '/usr/bin/ark');
  const running = () =>
    eventually(() => {
      const query = [...cluster.queries.values()][0];
      return query?.status?.phase === 'running' ? query : null;
    });

  it('goes on when the runtime comes back on other ports', async () => {
    const ended = ark('agent', 'parrot', 'hi', '--timeout', '20s');
    const query = await running();
    await cluster.move();
    cluster.put(query, DONE);
    expect(await ended).toBe(0);
    expect(terminal.stdout).toBe('Hello back\n');
  });

  it('cancels at the address of now', async () => {
    const ended = ark('agent', 'parrot', 'hi', '--timeout', '20s');
    const query = await running();
    await cluster.move();
    terminal.pressCtrlC();
    expect(await ended).toBe(130);
    expect(cluster.queries.get(query.metadata.name)?.spec.cancel).toBe(true);
  });

  it('ends with 3 about a second after the time-out at the latest', async () => {
    const started = performance.now();
    expect(await ark('agent', 'parrot', 'hi', '--timeout', '300ms')).toBe(3);
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(terminal.stderr).toContain('may still be running');
  });

  it('signs in again when a credential has expired meanwhile', async () => {
    await cluster.close();
    await begin({ exec: { command: './plugin', apiVersion: 'client.authentication.k8s.io/v1' } });
    const plugin = (token: string) =>
      writeFile(join(cluster.folder, 'plugin'), `#!/bin/sh\necho '{"status":{"token":"${token}"}}'\n`);
    await plugin('secret-token');
    await chmod(join(cluster.folder, 'plugin'), 0o755);
    const ended = ark('agent', 'parrot', 'hi', '--timeout', '20s');
    const query = await running();
    cluster.token = 'another-token';
    await plugin('another-token');
    cluster.endWatches();
    cluster.put(query, DONE);
    expect(await ended).toBe(0);
  });
});
