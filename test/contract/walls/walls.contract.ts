import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../harness/temporary-folder.js';

/** A file, what it imports, and the wall that must stop it. */
const crossings: [string, string, string][] = [
  ['src/kit/a.ts', '../runtime/b.js', 'the kit knows nobody'],
  ['plugins/engines/a/a.engine.ts', '../../../src/runtime/b.js', 'plugins see only the kit'],
  ['plugins/engines/a/b.engine.ts', '../../tools/b/b.tool.js', 'plugins do not see each other'],
  ['plugins/engines/a/c.engine.ts', '../../../src/kit/index.js', 'plugins import the kit by its public name'],
  ['src/runtime/a.ts', '../../plugins/tools/b/b.tool.js', 'the product knows no plugin by name'],
  ['src/reconcilers/agent/a.ts', '../../dispatch/b.js', 'reconcilers see only the kit and resources'],
  ['src/reconcilers/agent/c.ts', '../query/b.js', 'reconcilers do not see each other'],
  ['src/resources/agent/a.ts', '../../kube/cache/b.js', 'resources know the kit, and what admission is'],
  ['src/machinery/a.ts', '../resources/b.js', 'machinery knows no kind by name'],
  ['src/gateway/a.ts', '../kube/embedded/b.js', 'only kube speaks to an API server'],
  ['src/dispatch/a.ts', '@kubernetes/client-node', 'only kube/remote imports the Kubernetes client'],
  ['src/api/a.ts', '../app.module.js', 'only app.module sees every room'],
  ['src/cli/a.ts', '../runtime/b.js', 'the command line is a client: it sees no room of the runtime'],
  ['src/cli/c.ts', '@nestjs/common', 'the command line starts without Nest'],
  ['src/runtime/c.ts', '../gateway/b.js', 'rooms do not know the doors to the outside'],
  ['src/api/c.ts', '@a2a-js/sdk', 'the A2A SDK stays in the four rooms that speak A2A'],
  ['src/api/d.ts', '@modelcontextprotocol/client', 'only discovery/mcp is a client of MCP servers'],
  ['src/api/e.ts', '@ai-sdk/anthropic', 'a model SDK stays in its own plugin'],
  ['plugins/models/a/a.ts', '@ai-sdk/anthropic', 'a model SDK is loaded when its first model is asked'],
  ['plugins/engines/a/d.engine.ts', '@ai-sdk/anthropic', 'a model SDK is loaded when its first model is asked'],
  ['src/runtime/d.ts', '../../test/harness/b.js', 'the product does not need its tests'],
  ['test/contract/a.contract.ts', '../../src/runtime/deep/inside/b.js', 'tests outside src reach only entry points'],
  ['test/e2e/a.e2e.ts', '../../src/main.js', 'end-to-end tests know the built program only'],
  ['src/runtime/e.ts', './nowhere.js', 'every import resolves'],
];

interface Report {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

describe('the walls of the house', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let broken: Map<string, string[]>;

  beforeAll(() => {
    const house = folder();
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    };
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(file, join(house, file));
    symlinkSync(resolve('node_modules'), join(house, 'node_modules'));
    write('src/kit/index.ts', 'export const kit = 1;\n');
    for (const [path, target] of crossings) {
      if (target.startsWith('.') && !target.includes('nowhere')) {
        write(join(dirname(path), target).replace(/\.js$/, '.ts'), 'export const used = 1;\n');
      }
    }
    for (const [path, target] of crossings) write(path, `import * as used from '${target}';\nexport const a = used;\n`);
    write('plugins/tools/good/good.tool.ts', `import { kit } from 'nest-ark';\nexport const a = kit;\n`);
    broken = cruise(house);
  });

  it.each(crossings)('%s must not import %s: %s', (path, _, rule) => {
    expect(broken.get(path)).toContain(rule);
  });

  it('lets a plugin import the kit', () => {
    expect(broken.get('plugins/tools/good/good.tool.ts')).toBeUndefined();
  });
});

function cruise(house: string): Map<string, string[]> {
  const tool = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = ['src', 'plugins', 'test', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  let output: string;
  try {
    output = execFileSync(process.execPath, [tool, ...args], { cwd: house, encoding: 'utf8', maxBuffer: 64 << 20 });
  } catch (error) {
    // It exits with the number of violations.
    output = (error as { stdout: string }).stdout;
  }
  const broken = new Map<string, string[]>();
  for (const { from, rule } of (JSON.parse(output) as Report).summary.violations) {
    broken.set(from, [...(broken.get(from) ?? []), rule.name]);
  }
  return broken;
}
