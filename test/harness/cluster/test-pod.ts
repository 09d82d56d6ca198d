import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PodObject, startContainer } from './container.js';

/** Runs a pod of `helm test` to its end. @param hosts names of Services that lead to this machine */
export async function runTestPod(pod: PodObject, hosts: string[]): Promise<{ code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ark-pod-'));
  try {
    const [{ command = [], args = [] }] = pod.spec.containers;
    const child = startContainer(pod, folder, { command: [...command, ...args], hosts });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (output += data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
