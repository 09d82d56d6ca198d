import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { installNestArk } from '../harness/installed-package.js';
import { type CommandResult, Runtime, run } from '../harness/runtime.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

const ARK = resolve('bin/ark.js');
const TSC = resolve('node_modules/typescript/bin/tsc');
const node = (cwd: string, ...args: string[]) => run(process.execPath, args, { cwd });
const newEngine = (cwd: string, ...args: string[]) => node(cwd, ARK, 'new', 'engine', ...args);

async function ok(result: Promise<CommandResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  return stdout;
}

describe('ark new engine', () => {
  const folder = temporaryFolder();

  /** The engine that `plugins` holds answers for the agent of its manifests. */
  async function answers(name: string, plugins: string, manifests: string): Promise<void> {
    const runtime = await Runtime.start({ env: { ARK_PLUGIN_PATH: plugins } });
    try {
      await ok(runtime.ark(['apply', '-f', manifests]));
      await eventually(async () =>
        expect(await ok(runtime.ark(['agent', name, 'Good morning']))).toBe('Good morning\n'),
      );
    } finally {
      await runtime.dispose();
    }
  }

  it('makes a package that builds, keeps the contract of engines, and answers', async () => {
    const root = folder();
    installNestArk(root);
    const made = await ok(newEngine(root, 'town-crier'));
    expect(made.split('\n')).toContain('town-crier/src/town-crier.engine.ts');
    const place = join(root, 'town-crier');
    const { scripts } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // npm would run the scripts in a shell with the programs of the packages on its path.
    const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
    const tested = await ok(run('bash', ['-c', scripts.test ?? ''], { cwd: place, env: { PATH, NODE_OPTIONS: '' } }));
    expect(tested).toMatch(/pass [1-9]/);
    await answers('town-crier', place, join(place, 'manifests'));
  });

  it('makes a plugin in a checkout of the repository that builds, keeps the contract of engines, and answers', async () => {
    const root = folder();
    for (const file of ['package.json', 'tsconfig.json']) cpSync(file, join(root, file));
    cpSync('src/kit', join(root, 'src/kit'), { recursive: true, filter: (file) => !file.endsWith('.spec.ts') });
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    mkdirSync(join(root, 'plugins/engines'), { recursive: true });
    const made = await ok(newEngine(join(root, 'plugins'), 'bell'));
    expect(made.split('\n')).toContain('engines/bell/bell.engine.ts');
    await ok(node(root, TSC, '-p', 'tsconfig.json', '--incremental', 'false'));
    // The globals that Jest would bring.
    writeFileSync(
      join(root, 'dist/spec.mjs'),
      `import { describe, it } from 'node:test';
       Object.assign(globalThis, { describe, it });
       await import('./plugins/engines/bell/bell.engine.spec.js');`,
    );
    const tested = await ok(
      run(process.execPath, ['--test', 'dist/spec.mjs'], { cwd: root, env: { NODE_OPTIONS: '' } }),
    );
    expect(tested).toMatch(/pass [1-9]/);
    await answers('bell', join(root, 'dist/plugins'), join(root, 'plugins/engines/bell/manifests'));
  });

  it('refuses names that could not run and folders that are there, and touches nothing', async () => {
    const root = folder();
    writeFileSync(join(root, 'taken'), 'mine');
    const wrong: [string, string][] = [
      ['echo', 'comes with nest-ark'],
      ['a2a', 'comes with nest-ark'],
      ['Town_Crier', 'small letters'],
      ['../up', 'small letters'],
      ['1st', 'beginning with a letter'],
      ['x'.repeat(64), 'at most 63'],
      ['taken', 'exists already'],
    ];
    for (const [name, message] of wrong) {
      const result = await newEngine(root, name);
      expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    }
    expect(readFileSync(join(root, 'taken'), 'utf8')).toBe('mine');
  });
});
