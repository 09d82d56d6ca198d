import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What `npm install nest-ark typescript` leaves behind in a folder, without a registry: links to this repository. */
export function installNestArk(folder: string, ...more: string[]): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  mkdirSync(join(modules, '@types'));
  symlinkSync(process.cwd(), join(modules, 'nest-ark'));
  for (const name of ['typescript', '@types/node', ...more]) {
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  for (const name of ['ark', 'fark']) symlinkSync(resolve('bin/ark.js'), join(modules, '.bin', name));
  symlinkSync(resolve('node_modules/typescript/bin/tsc'), join(modules, '.bin', 'tsc'));
}
