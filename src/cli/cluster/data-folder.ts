import { statSync } from 'node:fs';
import { UsageError } from '../exit-code.js';

/** Refuses a data folder that is a file, before anything is opened in it. */
export function checkDataFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new UsageError(`${path} is a file, and a data folder is needed.`);
}
