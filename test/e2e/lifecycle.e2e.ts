import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { embeddedOnly } from '../harness/embedded-only.js';
import { eventually } from '../harness/eventually.js';
import { agent, query, yaml } from '../harness/manifests.js';
import { halfSent, listens } from '../harness/raw-http.js';
import { Runtime, run } from '../harness/runtime.js';
import { temporaryFolder } from '../harness/temporary-folder.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

/** Clients of models, clusters, databases, tools and collectors: each costs a tenth of a second or more. */
const HEAVY =
  /^(@kubernetes\/.*|openai|ai|@ai-sdk\/.*|@langchain\/.*|@google\/.*|@aws-sdk\/.*|@modelcontextprotocol\/.*|kysely|pg|@opentelemetry\/(?!api$).*|@nestjs\/swagger)$/;

describeWithKubectl('the process', () => {
  let runtime: Runtime;
  afterEach(() => runtime?.dispose());
  const folder = temporaryFolder();
  const ofDataFolder = embeddedOnly('the data folder of the API server');

  ofDataFolder.it(
    'writes its endpoints and a private kubeconfig before it is ready, and ends with 0 on SIGTERM',
    async () => {
      runtime = await Runtime.start();
      expect(runtime.endpoints).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
      expect(new URL(runtime.endpoints.apiServer).protocol).toBe('https:');
      for (const file of ['kubeconfig', 'token']) {
        expect((await stat(join(runtime.dataDir, file))).mode & 0o777).toBe(0o600);
      }
      expect((await fetch(`${runtime.endpoints.http}/livez`)).status).toBe(200);
      const started = Date.now();
      expect(await runtime.stop()).toBe(0);
      expect(Date.now() - started).toBeLessThan(10_000);
    },
  );

  ofDataFolder.it('starts without a package that only some work needs', async () => {
    const list = join(folder(), 'packages');
    const preload = pathToFileURL(resolve('test/fixtures/record-packages.mjs'));
    runtime = await Runtime.start({ env: { NODE_OPTIONS: `--import ${preload}`, LOADED_PACKAGES: list } });
    const loaded = (await readFile(list, 'utf8')).trim().split('\n');
    expect(loaded).toContain('fastify');
    expect(loaded.filter((name) => HEAVY.test(name))).toEqual([]);
  });

  ofDataFolder.it('refuses a second process on the same folder and names the first', async () => {
    runtime = await Runtime.start();
    const second = await run(process.execPath, [
      'bin/ark.js',
      'start',
      '--data-dir',
      runtime.dataDir,
      '--port',
      '0',
      '--api-server-port',
      '0',
    ]);
    expect(second.code).not.toBe(0);
    expect(second.stderr + second.stdout).toContain(String(runtime.endpoints.pid));
    expect(second.stderr + second.stdout).toContain(runtime.dataDir);
  });

  ofDataFolder.it(
    'says which port is taken, or which folder cannot be used, and which setting changes that',
    async () => {
      runtime = await Runtime.start();
      const start = (...args: string[]) =>
        run(process.execPath, ['bin/ark.js', 'start', '--api-server-port', '0', ...args]);
      const { port } = new URL(runtime.endpoints.http);
      const taken = await start('--port', port, '--data-dir', join(runtime.dataDir, 'other'));
      expect(taken.code).not.toBe(0);
      expect(taken.stderr).toContain(`port ${port} of 127.0.0.1 is taken by another program`);
      expect(taken.stderr).toContain('--port or ARK_PORT');
      const apiServer = new URL(runtime.endpoints.apiServer).port;
      const other = ['--port', '0', '--data-dir', join(runtime.dataDir, 'other')];
      const sameApiServer = await start(...other, '--api-server-port', apiServer);
      expect(sameApiServer.code).not.toBe(0);
      expect(sameApiServer.stderr).toContain(`port ${apiServer} of 127.0.0.1 is taken by another program`);
      expect(sameApiServer.stderr).toContain('--api-server-port or ARK_API_SERVER_PORT');
      const nowhere = await start('--port', '0', '--data-dir', '/proc/nothing/here');
      expect(nowhere.stderr).toMatch(/\/proc\/nothing\/here cannot be used.*--data-dir or ARK_DATA_DIR/);
      const folder = await start('--port', '0', '--data-dir', join(runtime.dataDir, 'token', 'folder'));
      expect(folder.code).not.toBe(0);
      expect(folder.stderr).toContain(join(runtime.dataDir, 'token'));
    },
  );

  it('tells others its public URL and keeps its own', async () => {
    runtime = await Runtime.start({ env: { ARK_PUBLIC_URL: 'http://ark.example.com/' } });
    const address = '{.spec.address.value}';
    const published = await runtime.kubectlOk(['get', 'executionengine', 'echo', '-o', `jsonpath=${address}`]);
    expect(published).toMatch(/^http:\/\/ark\.example\.com\/engines\/echo/);
    expect(runtime.endpoints.http).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  it('stops at an unknown setting and lists what it knows', async () => {
    const result = await run(process.execPath, ['bin/ark.js', 'start'], { env: { ARK_KUBERNETES: 'minikube' } });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('ARK_KUBERNETES');
    expect(result.stderr).toContain('embedded');
  });

  it('loses nothing that was acknowledged and answers no Query twice when killed in the middle of fifty', async () => {
    runtime = await Runtime.start();
    const input = Array.from({ length: 20 }, (_, i) => `w${i}`).join(' ');
    const names = Array.from({ length: 50 }, (_, i) => `q${i}`);
    const target = { type: 'agent', name: 'slow' };
    await runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(agent('slow', { executionEngine: { name: 'echo', options: { delayMs: 100 } } })),
    );
    await runtime.kubectlOk(['create', '-f', '-'], yaml(...names.map((name) => query(name, { input, target }))));
    await runtime.kubectlOk(['create', 'configmap', 'acknowledged', '--from-literal=kept=yes']);
    await runtime.kubectlOk(['wait', 'query/q49', '--for=jsonpath={.status.phase}=running', '--timeout=60s']);
    const terminalBefore = await finished(runtime);
    expect(terminalBefore.size).toBeLessThan(50);
    await runtime.kill();

    await runtime.boot();
    const answered: string[] = [];
    const stop = await runtime.watchJson('/apis/ark.mckinsey.com/v1alpha1/namespaces/default/queries', (object) => {
      if (object.status?.phase === 'done') answered.push(object.metadata.name);
    });
    await runtime.kubectlOk(['wait', 'query', '--all', '--for=condition=Completed', '--timeout=60s']);
    stop();
    const after = await finished(runtime);
    expect([...after.keys()].sort()).toEqual([...names].sort());
    for (const [name, query] of after) {
      expect(query).toMatchObject({ phase: 'done', response: { content: input } });
      expect(query.claim.attempt).toBeLessThanOrEqual(2);
      expect(answered.filter((one) => one === name).length).toBeLessThanOrEqual(1);
      if (terminalBefore.has(name)) expect(query).toEqual(terminalBefore.get(name));
    }
    // Those that were running at the kill were taken up again; some may have ended between the look and the kill.
    expect([...after.values()].some((query) => query.claim.attempt === 2)).toBe(true);
    const kept = await runtime.kubectlOk(['get', 'configmap', 'acknowledged', '-o', 'jsonpath={.data.kept}']);
    expect(kept).toBe('yes');
  });

  ofDataFolder.it('writes down the last change that was let through a door', async () => {
    const file = join(folder(), 'audit.log');
    runtime = await Runtime.start({ env: { ARK_AUDIT_LOG: file } });
    const token = (await readFile(join(runtime.dataDir, 'token'), 'utf8')).trim();
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'last-word' } });
    const late = await halfSent(runtime.endpoints.apiServer, '/api/v1/namespaces/default/configmaps', token, body);
    const stopped = runtime.stop();
    await eventually(() => expect(listens(runtime.endpoints.apiServer)).resolves.toBe(false), { every: 20 });
    const answer = await late.finish();
    expect(await stopped).toBe(0);
    const audit = await readFile(file, 'utf8');
    // On a busy machine it may have been cut off, and then there is nothing to write down.
    if (answer.includes('201 Created')) expect(audit).toContain('configmaps/default/last-word');
    expect(runtime.output).not.toContain('after the audit log was closed');
  });

  ofDataFolder.it('keeps no secret outside the files meant for them', async () => {
    runtime = await Runtime.start();
    const token = (await readFile(join(runtime.dataDir, 'token'), 'utf8')).trim();
    await runtime.kubectlOk(['create', 'secret', 'generic', 'key', '--from-literal=token=s3cr3t-value']);
    expect(runtime.output).not.toContain(token);
    expect(runtime.output).not.toContain('s3cr3t-value');
    expect(await readdir(runtime.dataDir)).toEqual(expect.arrayContaining(['endpoints.json', 'kubeconfig', 'token']));
    expect(await readFile(join(runtime.dataDir, 'endpoints.json'), 'utf8')).not.toContain(token);
  });
});

type QueryStatus = { phase: string; claim: { attempt: number }; response: { content: string } };

async function finished(runtime: Runtime): Promise<Map<string, QueryStatus>> {
  const list = JSON.parse(await runtime.kubectlOk(['get', 'queries', '-o', 'json'])) as {
    items: { metadata: { name: string }; status?: QueryStatus }[];
  };
  const terminal = list.items.filter((item) => ['done', 'error', 'canceled'].includes(item.status?.phase ?? ''));
  return new Map(terminal.map((item) => [item.metadata.name, item.status as QueryStatus]));
}
