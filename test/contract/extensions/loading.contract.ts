import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pluginRoots } from '../../../src/machinery/loader/extension-roots.js';
import { loadExtensions } from '../../../src/machinery/loader/load-extensions.js';

const engine = (name: string, body = 'async *execute() {}') => `
import { ExecutionEngine } from 'nest-ark';
export class Plugin { ${body} }
ExecutionEngine({ name: '${name}', description: 'For tests' })(Plugin);
`;

describe('a folder of extensions', () => {
  let folder: string;
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const load = (...roots: string[]) => loadExtensions({ roots: roots.length > 0 ? roots : [folder] });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-extensions-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is walked in order, by file name, past packages, hidden folders and everything else', async () => {
    write('b/two.engine.mjs', engine('two'));
    write('a/one.engine.mjs', engine('one'));
    write('one.mjs', 'throw new Error("not an extension");');
    write('one.spec.mjs', 'throw new Error("not an extension");');
    write('node_modules/x/three.engine.mjs', engine('three'));
    write('.cache/four.engine.mjs', engine('four'));
    const loaded = await load();
    expect(loaded.map(({ mark }) => `${mark.point} ${mark.name}`)).toEqual(['engine one', 'engine two']);
    expect(loaded[0]).toMatchObject({
      file: join(folder, 'a/one.engine.mjs'),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  it('may be a package that says where its plugins are', async () => {
    const manifest = (plugins: string[]) => JSON.stringify({ ark: { plugins } });
    write('package/package.json', manifest(['dist', 'other']));
    write('package/dist/one.engine.mjs', engine('one'));
    write('package/src/one.engine.mjs', 'throw new Error("not what the package names");');
    write('package/node_modules/other/package.json', manifest(['.']));
    write('package/node_modules/other/two.engine.mjs', engine('two'));
    const loaded = await load(...pluginRoots([join(folder, 'package')], folder));
    expect(loaded.map(({ mark }) => mark.name)).toEqual(['one', 'two']);
    expect(() => pluginRoots(['package/node_modules/nobody'], folder)).toThrow('neither a folder');
  });

  it('may be reached by several links, also by one that leads back into it', async () => {
    write('real/one.engine.mjs', engine('one'));
    symlinkSync('..', join(folder, 'real/back'));
    symlinkSync('real', join(folder, 'alias'));
    const loaded = await load(join(folder, 'real'), join(folder, 'alias'));
    expect(loaded.map(({ mark }) => mark.name)).toEqual(['one']);
  });

  it('may be made of links, as a mounted ConfigMap is', async () => {
    write('..2026/one.engine.mjs', engine('one'));
    symlinkSync('..2026', join(folder, '..data'));
    symlinkSync('..data/one.engine.mjs', join(folder, 'one.engine.mjs'));
    expect((await load()).map(({ mark }) => mark.name)).toEqual(['one']);
  });

  it('stops the start with both files when two extensions share a name', async () => {
    const first = write('a/one.engine.mjs', engine('one'));
    const second = write('b/one.engine.mjs', engine('one'));
    await expect(load(join(folder, 'a'), join(folder, 'b'))).rejects.toThrow(`'one': ${first} and ${second}`);
  });

  it.each<[string, string, RegExp]>([
    [
      'lacks a method',
      engine('one', ''),
      /one\.engine\.mjs cannot be loaded: engine 'one' \(class Plugin\) lacks execute/,
    ],
    ['has another name than its file', engine('two'), /holds engine 'two': name and file must agree/],
    ['is not marked', 'export class Plugin {}', /exports no class marked as engine/],
    ['does not run', 'throw new Error("no licence");', /one\.engine\.mjs cannot be loaded: no licence/],
  ])('stops the start with the file when an extension %s', async (_case, text, message) => {
    write('one.engine.mjs', text);
    await expect(load()).rejects.toMatchObject({ family: 'Invalid', message: expect.stringMatching(message) });
  });

  it('is found by path, as a package, and through ark.plugins of the package.json', () => {
    write('own/one.engine.mjs', '');
    write('node_modules/@acme/tools/two.engine.mjs', '');
    write('package.json', JSON.stringify({ ark: { plugins: ['./own', '@acme/tools'] } }));
    write('deep/below/file', '');
    const found = [join(folder, 'own'), join(folder, 'node_modules/@acme/tools')];
    expect(pluginRoots([], folder)).toEqual(found);
    expect(pluginRoots(['own', '@acme/tools'], folder)).toEqual(found);
    expect(pluginRoots(['@acme/tools'], join(folder, 'deep/below'))).toEqual([found[1]]);
    expect(() => pluginRoots(['missing'], folder)).toThrow(/names "missing", but there is neither a folder/);
  });
});
