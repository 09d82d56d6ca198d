import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { UntypedObject } from '../../src/kit/index.js';

/** A manifest of `test/fixtures`, and what its leading comments say about it (`# code: 422`). */
export interface Fixture {
  name: string;
  notes: Record<string, string>;
  objects: UntypedObject[];
}

/** The manifests of a folder below `test/fixtures`, sorted by name. Every call reads them anew: change them freely. */
export function readFixtures(folder: string): Fixture[] {
  const path = join('test/fixtures', folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFixture(join(path, file), file));
}

export function readFixture(path: string, file = path): Fixture {
  const text = readFileSync(path, 'utf8');
  const comments = [...text.matchAll(/^# (\w+): (.+)$/gm)].map(([, key, value]) => [key, value] as const);
  return {
    name: file.replace(/\.yaml$/, ''),
    notes: Object.fromEntries(comments) as Record<string, string>,
    objects: loadAll(text) as UntypedObject[],
  };
}
