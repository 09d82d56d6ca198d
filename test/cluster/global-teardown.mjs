// Jest's global tear-down: ends the control plane that the global setup started, by process id.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const DOWN = join(import.meta.dirname, 'control-plane-down.sh');

export default async function stopControlPlane() {
  const folder = globalThis.arkControlPlane;
  if (folder) await promisify(execFile)(DOWN, { env: { ...process.env, DIR: folder, WIPE: '1' } });
}
