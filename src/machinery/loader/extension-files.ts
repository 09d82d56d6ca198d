import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as kit from '../../kit/index.js';

/** A file that by its name holds an extension. */
export interface ExtensionFile {
  path: string;
  /** `echo` of `echo.engine.js`. */
  stem: string;
  /** `engine` of `echo.engine.js`. */
  point: string;
}

const FILE_NAME = /^(?<stem>[\w-]+)\.(?<point>[a-z0-9-]+)\.(?<ending>js|mjs|ts)$/;

/** The extension points there are: whatever the kit exports that is one. */
export function knownPoints(exports: object = kit): string[] {
  return Object.values(exports)
    .filter((value): value is { point: string } => isExtensionPoint(value))
    .map(({ point }) => point);
}

function isExtensionPoint(value: unknown): boolean {
  const candidate = value as Partial<Record<'point' | 'markOf' | 'decorate', unknown>> | null;
  return typeof candidate?.point === 'string' && typeof candidate.markOf === 'function';
}

/**
 * All extension files below a folder, sorted by path. Follows links, because a mounted ConfigMap is made of them.
 * TypeScript counts only where the runner can load it, and then wins over the JavaScript built from it.
 */
export function extensionFiles(root: string, points: string[], typescript: boolean): ExtensionFile[] {
  const files: ExtensionFile[] = [];
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    // A link may lead back to where it is.
    const real = realpathSync(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      const path = join(folder, name);
      const entry = statSync(path, { throwIfNoEntry: false });
      if (entry?.isDirectory()) visit(path);
      else if (entry?.isFile()) {
        const file = byName(path, points, typescript);
        if (file) files.push(file);
      }
    }
  };
  visit(root);
  const sources = new Set(files.filter(({ path }) => path.endsWith('.ts')).map(({ path }) => path));
  return files
    .filter(({ path }) => path.endsWith('.ts') || !sources.has(path.replace(/\.m?js$/, '.ts')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function byName(path: string, points: string[], typescript: boolean): ExtensionFile | undefined {
  const parts = FILE_NAME.exec(basename(path))?.groups;
  if (!parts || !points.includes(parts.point ?? '')) return undefined;
  if (parts.ending === 'ts' && !typescript) return undefined;
  return { path, stem: parts.stem ?? '', point: parts.point ?? '' };
}
