import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dump } from 'js-yaml';
import { loadResources } from './find-resources.js';

const HEADER = '# Generated from src/resources by `npm run build && npm run generate`. Do not edit.\n';

/** Writes one CRD file per kind and removes those of kinds that are gone. Usage: `node generate.js [folder]`. */
async function generate(folder: string): Promise<void> {
  const { customResources } = await loadResources();
  await mkdir(folder, { recursive: true });
  const written = new Set<string>();
  for (const definition of customResources) {
    const [plural, ...group] = definition.metadata.name.split('.');
    const file = `${group.join('.')}_${plural}.yaml`;
    written.add(file);
    await writeFile(join(folder, file), HEADER + dump(definition, { noRefs: true, sortKeys: true, lineWidth: 120 }));
  }
  for (const file of await readdir(folder)) {
    if (file.endsWith('.yaml') && !written.has(file)) await rm(join(folder, file));
  }
  process.stdout.write(`${written.size} custom resource definitions in ${folder}\n`);
}

await generate(resolve(process.argv[2] ?? 'crds'));
