// Some folders are made from the code. This script makes them again in temporary folders and compares. Needs a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED } from './generated.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const { generator, folder } of GENERATED) {
  const problem = compare(join(root, generator), folder);
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
  }
}

function compare(generator, folder) {
  if (!existsSync(generator)) return 'dist/ is missing; run: npm run build';
  const kept = join(root, folder);
  const fresh = mkdtempSync(join(tmpdir(), 'ark-generated-'));
  try {
    const run = spawnSync(process.execPath, [generator, fresh], { encoding: 'utf8' });
    if (run.status !== 0) return run.stderr;
    const names = [...new Set([...yamlFiles(fresh), ...yamlFiles(kept)])].sort();
    const different = names.filter((name) => text(join(fresh, name)) !== text(join(kept, name)));
    if (different.length === 0) return console.log(`${folder}/ is up to date (${names.length} files)`);
    const list = different.map((name) => `  ${folder}/${name}`).join('\n');
    return `these files differ from what the code says:\n${list}\nrun: npm run build && npm run generate`;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function yamlFiles(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
}

function text(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
