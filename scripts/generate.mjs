// Writes every generated folder. Needs a build.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED } from './generated.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const { generator, folder } of GENERATED) {
  const { status } = spawnSync(process.execPath, [join(root, generator), join(root, folder)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
