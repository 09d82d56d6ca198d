// crds/ is made from src/resources. This script makes it again in a temporary folder and compares. Needs a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const problem = compare(join(root, 'dist/src/resources/generate.js'), join(root, 'crds'));
if (problem) {
  console.error(problem);
  process.exitCode = 1;
}

function compare(generator, kept) {
  if (!existsSync(generator)) return 'dist/ is missing; run: npm run build';
  const fresh = mkdtempSync(join(tmpdir(), 'ark-crds-'));
  try {
    const run = spawnSync(process.execPath, [generator, fresh], { encoding: 'utf8' });
    if (run.status !== 0) return run.stderr;
    const names = [...new Set([...yamlFiles(fresh), ...yamlFiles(kept)])].sort();
    const different = names.filter((name) => text(join(fresh, name)) !== text(join(kept, name)));
    if (different.length === 0) return console.log(`crds/ is up to date (${names.length} files)`);
    const list = different.map((name) => `  crds/${name}`).join('\n');
    return `these files differ from what src/resources says:\n${list}\nrun: npm run build && npm run generate`;
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
