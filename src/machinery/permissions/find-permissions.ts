import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reconcilers } from '../../kit/index.js';
import type { Extension } from '../loader/extension.js';
import type { Permission } from './permission.js';
import { reconcilerPermissions } from './reconciler-permissions.js';

const FILE = /\.permissions\.(js|ts)$/;

/**
 * Every right this program needs in a cluster: what reconcilers declare, and what rooms that speak to the API server
 * themselves write down in a file `*.permissions.ts` that exports `permissions`.
 *
 * @param source the folder of the rooms
 */
export async function findPermissions(source: string, extensions: readonly Extension[]): Promise<Permission[]> {
  const declared = extensions
    .filter(({ mark }) => mark.point === reconcilers.point)
    .flatMap(({ mark }) => reconcilerPermissions(mark.options as Parameters<typeof reconcilerPermissions>[0]));
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter(({ name }) => FILE.test(name)).map(({ parentPath, name }) => join(parentPath, name));
  const written = await Promise.all(files.sort().map(permissionsIn));
  return [...declared, ...written.flat()];
}

async function permissionsIn(file: string): Promise<Permission[]> {
  const { permissions } = (await import(pathToFileURL(file).href)) as { permissions?: Permission[] };
  if (!permissions) throw new TypeError(`${file} exports no 'permissions'`);
  return permissions;
}
