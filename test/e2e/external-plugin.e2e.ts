import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { installNestArk } from '../harness/installed-package.js';
import { Runtime, run } from '../harness/runtime.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

describe('a package of plugins outside the repository', () => {
  const freshFolder = temporaryFolder({ keep: 'block' });
  let folder: string;
  let runtime: Runtime;
  beforeAll(async () => {
    folder = freshFolder();
    cpSync('examples/external-plugin', folder, { recursive: true });
    installNestArk(folder, 'class-validator');
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { test: string } };
    const PATH = `${join(folder, 'node_modules/.bin')}:${process.env.PATH}`;
    const tested = await run('bash', ['-c', scripts.test], { cwd: folder, env: { PATH, NODE_OPTIONS: '' } });
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringMatching(/pass [1-9]/) });
    runtime = await Runtime.start({ env: { ARK_PLUGIN_PATH: folder } });
    expect(await runtime.ark(['apply', '-f', join(folder, 'manifests')])).toMatchObject({ code: 0 });
  });
  afterAll(() => runtime?.dispose());

  it('answers for an agent with the options of its manifest', async () => {
    await eventually(async () => {
      const { stdout } = await runtime.ark(['agent', 'cashier', 'apples 2.50, pears 3.25']);
      expect(stdout).toBe('2.5 + 3.25 = 5.75\n');
    });
  });

  it('brings a type of tools', async () => {
    await eventually(async () => {
      const { stdout } = await runtime.ark(['tool', 'add', '-p', 'numbers=[1, 2, 3.5]']);
      expect(stdout).toBe('6.5\n');
    });
  });

  it('is published like a built-in', async () => {
    const { stdout } = await runtime.ark(['get', 'executionengine', 'abacus', '-o', 'jsonpath={.status.phase}']);
    expect(stdout).toBe('ready');
  });
});
