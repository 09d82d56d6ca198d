import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalid } from '../../kit/index.js';

const HERE = dirname(fileURLToPath(import.meta.url));

/** The folders of built-in extensions, in the source tree and in the built one alike. */
export function builtInRoots(): string[] {
  return [resolve(HERE, '../../reconcilers'), resolve(HERE, '../../../plugins')].filter((folder) => existsSync(folder));
}

/**
 * The folders of everybody else's extensions: each entry of the plugin path and of `ark.plugins` in the package.json of
 * the working folder. An entry is a folder, or an npm package installed in or above the working folder; one whose own
 * package.json has `ark.plugins` stands for the folders named there.
 * Errors: `Invalid` for an entry that is neither.
 */
export function pluginRoots(pluginPath: readonly string[], workingFolder: string): string[] {
  const named = [...pluginPath, ...pluginsOfPackage(workingFolder)];
  return [...new Set(named.flatMap((entry) => rootsOf(entry, workingFolder)))];
}

function rootsOf(entry: string, workingFolder: string): string[] {
  const folder = folderOf(entry, workingFolder);
  // A package may name itself, to have all of it walked.
  if (folder === resolve(workingFolder)) return [folder];
  const own = pluginsOfPackage(folder);
  return own.length > 0 ? own.flatMap((plugin) => rootsOf(plugin, folder)) : [folder];
}

function pluginsOfPackage(folder: string): string[] {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return [];
  const plugins = (JSON.parse(readFileSync(file, 'utf8')) as { ark?: { plugins?: unknown } }).ark?.plugins ?? [];
  if (Array.isArray(plugins) && plugins.every((entry) => typeof entry === 'string')) return plugins;
  throw invalid(`"ark.plugins" in ${file} must be a list of folders and package names.`);
}

function folderOf(entry: string, workingFolder: string): string {
  const folder = resolve(workingFolder, entry);
  if (isFolder(folder)) return folder;
  for (let at = resolve(workingFolder); ; at = dirname(at)) {
    const installed = join(at, 'node_modules', entry);
    if (isFolder(installed)) return installed;
    if (at === dirname(at)) break;
  }
  throw invalid(
    `The plugin path names "${entry}", but there is neither a folder ${folder} nor an npm package of that name ` +
      `in or above ${workingFolder}. Create or install it, or take it out of ARK_PLUGIN_PATH.`,
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
