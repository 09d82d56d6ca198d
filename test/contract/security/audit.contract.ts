import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../harness/runtime.js';

const GHSA = 'GHSA-aaaa-bbbb-cccc';

describe('the audit of dependencies', () => {
  let severity: string | undefined = 'critical';
  const registry = createServer((request, response) => {
    request.resume();
    if (severity === undefined) return void response.writeHead(405).end();
    const advisory = {
      id: 7,
      url: `https://example.com/${GHSA}`,
      title: 'It leaks',
      severity,
      vulnerable_versions: '<2',
    };
    const versions = { '1.0.0': { name: 'leaky', version: '1.0.0' } };
    const body =
      request.method === 'POST' ? { leaky: [advisory] } : { name: 'leaky', versions, 'dist-tags': { latest: '1.0.0' } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  let folder: string;
  beforeAll(() => new Promise<void>((done) => void registry.listen(0, '127.0.0.1', done)));
  afterAll(() => new Promise((done) => registry.close(done)));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-audit-'));
    const root = { name: 'x', version: '1.0.0', dependencies: { leaky: '1.0.0' } };
    const packages = { '': root, 'node_modules/leaky': { version: '1.0.0' } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(root));
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ ...root, lockfileVersion: 3, packages }));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const audit = (found: string | undefined) => {
    severity = found;
    const env = {
      npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
      npm_config_cache: join(folder, `cache-${found}`),
    };
    return run(process.execPath, [resolve('scripts/audit.mjs'), join(folder, 'note')], { cwd: folder, env });
  };

  it('fails on a critical issue and tells the others', async () => {
    const critical = await audit('critical');
    expect(critical.stdout).toContain(`critical: leaky <2: It leaks [${GHSA}]`);
    expect(critical.code).toBe(1);
    const high = await audit('high');
    expect([high.code, high.stdout]).toEqual([0, expect.stringContaining('1 known issues, 0 of them critical')]);
  });

  it('accepts an issue with a reason, and none without', async () => {
    const file = join(folder, 'audit-exceptions.json');
    await writeFile(file, JSON.stringify({ [GHSA]: 'no' }));
    expect(await audit('critical')).toMatchObject({ code: 1, stderr: expect.stringContaining('needs a reason') });
    await writeFile(file, JSON.stringify({ [GHSA]: 'only used by the build, never with foreign input' }));
    expect((await audit('critical')).code).toBe(0);
  });

  it('says so where nobody can be asked, and is no failure then', async () => {
    expect((await audit(undefined)).code).toBe(3);
    const note = await readFile(join(folder, 'note'), 'utf8');
    expect(note).toMatch(/^Dependencies were not checked for known issues, .*405/);
    expect(note).not.toContain('127.0.0.1');
  });

  it('has exceptions of this project that can be read', async () => {
    const reasons = Object.values(
      JSON.parse(await readFile('audit-exceptions.json', 'utf8')) as Record<string, string>,
    );
    expect(reasons.filter((reason) => reason.length < 20)).toEqual([]);
  });
});
