import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
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
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    const next = 'make it writable, or choose another with --data-dir or ARK_DATA_DIR';
    throw unavailable(`the data folder ${dataDir} cannot be used, because ${reason}: ${next}`, { cause: error });
  }
  return dataDir;
}
