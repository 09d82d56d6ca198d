// Jest's global tear-down: removes what `prepared-setup.mjs` made.
import { rmSync } from 'node:fs';

export default function removeFolder() {
  const folder = process.env.ARK_TEST_PREPARED;
  if (folder) rmSync(folder, { recursive: true, force: true });
}
