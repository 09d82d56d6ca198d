import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { invalid } from '../../kit/errors/ark-error.js';
import type { UntypedObject } from '../../kit/resource/object.js';
import { UsageError } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

const MANIFEST = /\.(ya?ml|json)$/;

/** What is needed first comes first; kinds not named here come in between, queries last. */
const ORDER = [
  'Namespace',
  'CustomResourceDefinition',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'Service',
  'ArkConfig',
  'Model',
  'Memory',
  'ExecutionEngine',
  'MCPServer',
  'A2AServer',
  'Tool',
  'Agent',
  'Team',
];

/** A manifest and the place it was written in, for messages. */
export interface Manifest {
  object: UntypedObject;
  where: string;
}

/** All objects of files, folders and stdin (`-`), in the order to apply them. Folders below count if `recursive`. */
export async function readManifests(
  paths: string[],
  terminal: Terminal,
  options: { recursive?: boolean } = {},
): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    if (path === '-') manifests.push(...parseManifests(await terminal.readInput(), 'stdin'));
    else {
      for (const file of await filesOf(resolve(terminal.cwd, path), options.recursive === true)) {
        manifests.push(...parseManifests(await readFile(file, 'utf8'), file));
      }
    }
  }
  if (manifests.length === 0) {
    const where = paths.map((path) => (path === '-' ? 'stdin' : path)).join(', ');
    throw new UsageError(`There is no object in ${where}.`);
  }
  return sortManifests(manifests);
}

/** Every document of a YAML stream; a `List` is taken apart. */
export function parseManifests(text: string, where: string): Manifest[] {
  let documents: unknown[];
  try {
    documents = loadAll(text);
  } catch (error) {
    throw invalid(`${where} is not YAML: ${(error as Error).message}`, { cause: error });
  }
  const flat = documents.flatMap((document) => {
    const items = (document as { items?: unknown })?.items;
    return Array.isArray(items) ? (items as unknown[]) : [document];
  });
  return flat
    .filter((document) => document !== null && document !== undefined)
    .map((document) => ({ object: checked(document, where), where }));
}

export function sortManifests(manifests: Manifest[]): Manifest[] {
  const rank = ({ object }: Manifest) => {
    if (object.kind === 'Query') return ORDER.length + 1;
    const at = ORDER.indexOf(object.kind);
    return at < 0 ? ORDER.length : at;
  };
  return manifests.toSorted((a, b) => rank(a) - rank(b));
}

function checked(document: unknown, where: string): UntypedObject {
  const object = document as Partial<UntypedObject>;
  const missing = (['apiVersion', 'kind'] as const).filter((field) => typeof object[field] !== 'string');
  if (missing.length > 0) throw invalid(`An object in ${where} has no ${missing.join(' and no ')}.`);
  if (!object.metadata?.name) throw invalid(`A ${object.kind} in ${where} has no metadata.name.`);
  return object as UntypedObject;
}

async function filesOf(path: string, recursive: boolean): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`There is no file or folder ${path}.`);
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && MANIFEST.test(entry.name));
  return files.map((file) => join(file.parentPath, file.name)).sort();
}
