import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const ROOT = '/usr/lib/postgresql';

/** A PostgreSQL server of a test's own. */
export interface PostgresServer {
  url: string;
  /** Ends it at once, as a crash would; `restart` brings it back with what it holds. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where `initdb` and `postgres` are, or undefined where they are not installed: the newest that Debian brought. */
export function postgresPrograms(): string | undefined {
  const given = process.env.ARK_TEST_POSTGRES_BIN;
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(given ? [given] : []), ...versions.map((version) => join(ROOT, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

/** PostgreSQL refuses to run as root; the test then lends it another user's rights. */
function runner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string, user: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', user), gid: id('-g', user) };
    } catch {
      // The next one.
    }
  }
  return {};
}

/** Starts a server on a free port, in a folder that goes with it. Durable settings are off: nothing in it matters. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (!programs)
    throw new Error(`no PostgreSQL: install it below ${ROOT} (Debian: postgresql), or set ARK_TEST_POSTGRES_BIN`);
  const as = runner();
  const home = mkdtempSync(join(tmpdir(), 'ark-postgres-'));
  if (as.uid !== undefined && as.gid !== undefined) chownSync(home, as.uid, as.gid);
  const data = join(home, 'data');
  const init = ['-D', data, '-U', 'ark', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(programs, 'initdb'), init, { ...as, cwd: home, stdio: 'pipe' });
  const port = await freePort();
  const flags = ['-D', data, '-p', String(port), '-k', home, '-h', '127.0.0.1', '-F'];
  const url = `postgres://ark@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const crash = async () => {
    if (!server || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill('SIGQUIT');
    await ended;
  };
  const restart = async () => {
    server = spawn(join(programs, 'postgres'), flags, { ...as, cwd: home, stdio: 'ignore' });
    await eventually(
      () => execFileSync(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]) && undefined,
    );
  };
  const stop = async () => {
    await crash();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await restart();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, crash, restart, stop };
}
