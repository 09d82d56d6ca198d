// Jest's global setup of the end-to-end tests on real API servers: a folder for what they prepare once.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function makeFolder() {
  // The workers inherit it.
  process.env.ARK_TEST_PREPARED = mkdtempSync(join(tmpdir(), 'ark-prepared-'));
}
