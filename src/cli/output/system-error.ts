import { UsageError } from '../exit-code.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

const FILE_TROUBLES: Record<string, string> = {
  ENOENT: 'does not exist.',
  EISDIR: 'is a folder, and a file is needed.',
  ENOTDIR: 'cannot exist: what should be a folder on the way to it is a file.',
  EEXIST: 'exists already.',
  EACCES: 'may not be read or written by this user.',
  EPERM: 'may not be read or written by this user.',
  EROFS: 'lies on a disk that cannot be written.',
  ENOSPC: 'cannot be written: the disk is full.',
  ELOOP: 'leads in a circle of links.',
  ENAMETOOLONG: 'is too long for a path.',
};
const PORT_TROUBLES: Record<string, string> = {
  EADDRINUSE: 'is taken by another program; choose another one, or 0 for a free one.',
  EACCES: 'may not be used by this user; choose one above 1023.',
  EADDRNOTAVAIL: 'is not an address of this machine.',
};

/**
 * A sentence for what the operating system refuses; undefined for every other error. `path` is for refusals that do not
 * name one.
 */
export function systemTrouble(error: unknown, path?: string): UsageError | undefined {
  const { code = '', syscall, path: named = path, address, port } = error as SystemError;
  if (!syscall) return undefined;
  if (syscall === 'listen' && PORT_TROUBLES[code])
    return new UsageError(`Port ${address}:${port} ${PORT_TROUBLES[code]}`);
  const trouble = FILE_TROUBLES[code];
  return trouble && named ? new UsageError(`${named} ${trouble}`) : undefined;
}
