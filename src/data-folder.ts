import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { unavailable } from './kit/index.js';

const REASONS: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'it cannot be made there',
  ENOSPC: 'the disk is full',
};

/**
 * Makes the folder of everything this process keeps, for nobody else to read.
 *
 * @throws `Unavailable` saying why it cannot be used and which setting to change
 */
export async function openDataFolder(folder: string): Promise<string> {
  const dataDir = resolve(folder);
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    const next = 'make it writable, or choose another with --data-dir or ARK_DATA_DIR';
    throw unavailable(`the data folder ${dataDir} cannot be used, because ${reason}: ${next}`, { cause: error });
  }
  return dataDir;
}

/** Node's own recursive `mkdir` never ends where nothing can be made in a folder that is there, as in `/proc`. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else was faster.
    if (code === 'EEXIST' && (await isFolder(folder))) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
