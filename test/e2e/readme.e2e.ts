import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import ts from 'typescript';
import { eventually } from '../harness/eventually.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}));

/** The document that a shell block feeds to `apply -f -`. */
function manifestOf(word: string): string {
  const block = blocks.find(({ language, text }) => language === 'sh' && text.includes(word));
  const manifest = /<<'YAML'\n([\s\S]*?)\nYAML/.exec(block?.text ?? '')?.[1];
  if (!manifest) throw new Error(`the README has no manifest with "${word}"`);
  return manifest;
}

describeWithKubectl('what the README promises', () => {
  let folder: string;
  let runtime: Runtime;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ark-readme-'));
    const source = blocks.find(({ language }) => language === 'ts')?.text ?? '';
    const compilerOptions = {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
    };
    mkdirSync(join(folder, 'shout'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'shout/shout.engine.js'), ts.transpileModule(source, { compilerOptions }).outputText);
    runtime = await Runtime.start({ args: ['--plugins', folder] });
  });
  afterAll(async () => {
    await runtime?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('an engine in one file answers for an agent', async () => {
    expect(await runtime.ark(['apply', '-f', '-'], { input: manifestOf('town-crier }') })).toMatchObject({ code: 0 });
    await eventually(async () => {
      const { stdout } = await runtime.ark(['agent', 'town-crier', 'hear ye, hear ye']);
      expect(stdout).toBe('HEAR YE, HEAR YE\n');
    });
  });

  it('kubectl asks the same agent', async () => {
    await runtime.ark(['apply', '-f', '-'], { input: manifestOf('town-crier }') });
    await runtime.kubectlOk(['apply', '-f', '-'], manifestOf('Good morning'));
    await runtime.kubectlOk(['wait', 'query/hello', '--for=condition=Completed', '--timeout=60s']);
    const content = await runtime.kubectlOk(['get', 'query', 'hello', '-o', 'jsonpath={.status.response.content}']);
    expect(content).toBe('GOOD MORNING');
  });
});
