import { readFileSync } from 'node:fs';

/** The version of this package. */
export function packageVersion(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      const parsed = JSON.parse(text) as { name?: string; version?: string };
      if (parsed.name === 'nest-ark') return parsed.version ?? 'unknown';
    } catch {
      // Sources are two folders below the root, the built program three.
    }
  }
  return 'unknown';
}
