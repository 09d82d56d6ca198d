import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { builtInRoots } from '../loader/extension-roots.js';
import { loadExtensions } from '../loader/load-extensions.js';
import { findPermissions } from './find-permissions.js';
import { rulesOf } from './rules.js';

const HEADER = '# Generated from what the program declares, by `npm run build && npm run generate`. Do not edit.\n';

/** Writes the rules of RBAC for the chart, and removes files that no rule is left for. Usage: `node generate.js [folder]`. */
async function generate(folder: string): Promise<void> {
  const extensions = await loadExtensions({ roots: builtInRoots() });
  const permissions = await findPermissions(fileURLToPath(new URL('../..', import.meta.url)), extensions);
  await mkdir(folder, { recursive: true });
  const files = Map.groupBy(permissions, ({ own, when }) => when ?? (own ? 'own-namespace' : 'resources'));
  for (const [file, group] of files) {
    const rules = rulesOf(group);
    await writeFile(join(folder, `${file}.yaml`), HEADER + dump({ rules }, { noRefs: true, lineWidth: 120 }));
    process.stdout.write(`${rules.length} rules in ${join(folder, file)}.yaml\n`);
  }
  for (const name of await readdir(folder)) {
    if (name.endsWith('.yaml') && !files.has(name.slice(0, -'.yaml'.length) as never)) await rm(join(folder, name));
  }
}

await generate(resolve(process.argv[2] ?? 'charts/ark/files/rbac'));
