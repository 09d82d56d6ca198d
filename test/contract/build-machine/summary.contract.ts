import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../harness/runtime.js';

const API_SERVER = 'test/contract/api-server/crud.contract.ts';
const STORAGE = 'test/contract/storage/storage.contract.ts';
const NOBODY = { KUBEBUILDER_ASSETS: '', ARK_TEST_KUBECONFIG: '' };

const test = (fullName: string, status = 'passed') => ({ fullName, status });
const file = (path: string, ...assertionResults: { fullName: string; status: string }[]) => {
  const failed = assertionResults.some(({ status }) => status === 'failed');
  return { name: resolve(path), status: failed ? 'failed' : 'passed', message: '', assertionResults };
};

describe('the last lines of a check of everything', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-summary-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const report = (name: string, ...testResults: object[]) =>
    writeFile(join(folder, name), JSON.stringify({ testResults }));
  const summary = async (env: Record<string, string> = NOBODY) => {
    const { code, stdout } = await run(process.execPath, ['scripts/test-summary.mjs', folder], { env });
    return { code, lines: stdout.trim().split('\n') };
  };

  it('name the judges that passed something, from the reports', async () => {
    await report(
      'contract.json',
      file(
        API_SERVER,
        test('objects, judge embedded come and go'),
        test('objects, judge embedded-door come and go'),
        test('objects, judge real come and go'),
        test('objects, judge real are counted'),
      ),
      file(STORAGE, test('storage on sqlite keeps'), test('storage on postgres keeps')),
    );
    await report('e2e.json', file('test/e2e/teams.e2e.ts', test('teams answer')));
    await report(
      'cluster.json',
      file('test/e2e/teams.e2e.ts', test('teams answer')),
      file('test/e2e/tools.e2e.ts', test('tools answer', 'pending')),
    );
    const { code, lines } = await summary();
    expect(lines).toContain(
      'Judges of the API server contract: embedded (1 passed), embedded-door (1 passed), real (2 passed).',
    );
    expect(lines).toContain('API servers of the end-to-end tests: embedded, and real for teams.');
    expect(lines).toContain('Judges of the storage contract: sqlite (1 passed), postgres (1 passed).');
    expect(lines.join('\n')).not.toContain('no real API server');
    expect(lines.at(-1)).toBe('8 passed, 0 failed, 1 skipped');
    expect(code).toBe(0);
  });

  it('believe no environment: a real API server that judged nothing is a failure', async () => {
    await report('contract.json', file(API_SERVER, test('objects, judge embedded come and go')));
    const { code, lines } = await summary({ ...NOBODY, KUBEBUILDER_ASSETS: '/nonexistent' });
    expect(lines).toContain('Judges of the API server contract: embedded (1 passed).');
    expect(lines).toContainEqual(expect.stringMatching(/^FAILED {3}No test of the API server contract.*nonexistent$/));
    expect(lines.at(-1)).toBe('1 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('say loudly that no real API server judged, and who else did not', async () => {
    await report('contract.json', file(STORAGE, test('storage on postgres keeps', 'pending')));
    const { code, lines } = await summary();
    expect(lines).toContain('Judges of the API server contract: none.');
    expect(lines).toContain('API servers of the end-to-end tests: none.');
    expect(lines).toContainEqual(expect.stringMatching(/^No PostgreSQL/));
    expect(lines).toContainEqual(expect.stringMatching(/^ATTENTION: no real API server judged anything/));
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped');
    expect(code).toBe(0);
  });

  it('count checks, files that did not load, and what passed when it ran once more', async () => {
    await writeFile(join(folder, 'walls.check'), 'failed\n');
    await writeFile(join(folder, 'style.check'), 'passed\n');
    await writeFile(join(folder, 'audit.note'), 'Nobody tells.\n');
    const broken = { name: resolve('test/e2e/broken.e2e.ts'), status: 'failed', assertionResults: [] };
    await report(
      'e2e.json',
      { ...broken, message: '\n  Cannot find module' },
      file('test/e2e/clock.e2e.ts', test('clocks strike', 'failed')),
    );
    await report('e2e.again', file('test/e2e/clock.e2e.ts', test('clocks strike')));
    const { code, lines } = await summary();
    expect(lines).toEqual(
      expect.arrayContaining([
        'Nobody tells.',
        'UNSTEADY test/e2e/clock.e2e.ts: failed among the others, passed alone',
        'FAILED   walls',
        'FAILED   test/e2e/broken.e2e.ts:   Cannot find module',
        '2 passed, 2 failed',
      ]),
    );
    expect(code).toBe(1);
  });

  it('are preceded by the names of the files that want to run once more', async () => {
    await report('e2e.json', file('test/e2e/a.e2e.ts', test('a', 'failed')), file('test/e2e/b.e2e.ts', test('b')));
    const args = ['scripts/test-summary.mjs', '--failed', join(folder, 'e2e.json')];
    expect((await run(process.execPath, args)).stdout).toBe(`${resolve('test/e2e/a.e2e.ts')}\n`);
  });
});
