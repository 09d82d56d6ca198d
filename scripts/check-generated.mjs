// crds/ is made from src/resources. This script makes it again in a temporary folder and compares. Needs a build.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generator = join(root, 'dist/src/resources/generate.js');
if (!existsSync(generator)) fail('dist/ is missing; run: npm run build');

const fresh = mkdtempSync(join(tmpdir(), 'ark-crds-'));
try {
  const run = spawnSync(process.execPath, [generator, fresh], { encoding: 'utf8' });
  if (run.status !== 0) fail(run.stderr);
  const kept = join(root, 'crds');
  const names = [...new Set([...yamlFiles(fresh), ...yamlFiles(kept)])].sort();
  const different = names.filter((name) => text(join(fresh, name)) !== text(join(kept, name)));
  if (different.length > 0) {
    fail(
      `these files differ from what src/resources says:\n${different.map((name) => `  crds/${name}`).join('\n')}\nrun: npm run build && npm run generate`,
    );
  }
  console.log(`crds/ is up to date (${names.length} files)`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function yamlFiles(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
}

function text(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
  process.exit();
}
