import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach } from '@jest/globals';

/**
 * Gives each test folders of its own: call it once at the top of a `describe`, and the answer inside a test whenever a
 * fresh folder is wanted. Removed after the test, or after the whole block with `{ keep: 'block' }`.
 */
export function temporaryFolder(options: { keep?: 'test' | 'block' } = {}): () => string {
  const made: string[] = [];
  const sweep = () => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  };
  if (options.keep === 'block') afterAll(sweep);
  else afterEach(sweep);
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'ark-test-'));
    made.push(folder);
    return folder;
  };
}
