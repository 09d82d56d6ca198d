import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { ArkError, errorText, invalid, type Logger } from '../../kit/index.js';
import { extensionOf, refuseNamesakes } from './check-extension.js';
import type { Extension } from './extension.js';
import { type ExtensionFile, extensionFiles, knownPoints } from './extension-files.js';
import { resolveKitToHost } from './kit-resolution.js';

export interface LoadOptions {
  /** Folders to walk, built-in ones first. */
  roots: string[];
  logger?: Logger;
}

/** Whether this process runs from sources, through a runner that understands TypeScript. */
const FROM_SOURCES = import.meta.url.endsWith('.ts');

/**
 * Finds and imports every extension below the roots, in sorted order. Importing leaves no trace but the classes.
 * Errors: `Invalid` naming the file, or both files, for anything that does not fit; the process must not start then.
 */
export async function loadExtensions({ roots, logger }: LoadOptions): Promise<Extension[]> {
  // A runner that loads TypeScript brings a resolution of its own.
  if (!FROM_SOURCES) resolveKitToHost();
  const points = knownPoints();
  const files = new Map<string, ExtensionFile>();
  for (const root of roots) {
    // One file is one extension, by however many links it is reached.
    for (const file of extensionFiles(root, points, FROM_SOURCES)) files.set(realpathSync(file.path), file);
  }
  const extensions: Extension[] = [];
  for (const file of files.values()) extensions.push(await loadExtension(file));
  refuseNamesakes(extensions);
  for (const { mark, file, digest } of extensions) {
    logger?.info({ point: mark.point, name: mark.name, file, digest }, `Loaded ${mark.point} ${mark.name}`);
  }
  return extensions;
}

async function loadExtension(file: ExtensionFile): Promise<Extension> {
  const digest = createHash('sha256')
    .update(await readFile(file.path))
    .digest('hex');
  const exports = await importFile(file);
  return { ...extensionOf(file, exports), file: file.path, digest: `sha256:${digest}` };
}

async function importFile(file: ExtensionFile): Promise<object> {
  try {
    return (await import(pathToFileURL(file.path).href)) as object;
  } catch (error) {
    if (error instanceof ArkError) throw error;
    throw invalid(`Extension file ${file.path} cannot be loaded: ${errorText(error)}`, {
      reason: 'ExtensionRefused',
      cause: error,
    });
  }
}
