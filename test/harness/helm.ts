import { existsSync } from 'node:fs';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { type CommandResult, run } from './runtime.js';

export const CHART = 'charts/ark';

/** An object that the chart renders; tests say what they expect in it. */
export interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
}

/** The helm to test with, or undefined where there is none. */
export function findHelm(): string | undefined {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(':')];
  return folders.flatMap((folder) => (folder ? [join(folder, 'helm')] : [])).find((file) => existsSync(file));
}

/** Cases that render the chart. Where there is no helm they are skipped, and the summary names them. */
export const describeWithHelm = findHelm() ? describe : describe.skip;

export function helm(...args: string[]): Promise<CommandResult> {
  const program = findHelm();
  if (!program) throw new Error('helm is not installed');
  return run(program, args);
}

/** The text of the chart as the release `ark` in the namespace `agents`. */
export async function template(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await helm('template', 'ark', CHART, '--namespace', 'agents', ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Its objects. */
export async function rendered(...args: string[]): Promise<Rendered[]> {
  return (loadAll(await template(...args)) as (Rendered | null)[]).filter((object) => object !== null);
}

/** What an installation says at its end. `helm template` leaves that out, so a copy of the chart has it as an object. */
export async function notes(...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ark-notes-'));
  try {
    await cp(CHART, folder, { recursive: true });
    await rename(join(folder, 'templates', 'NOTES.txt'), join(folder, 'notes.txt'));
    const shown = '{{ dict "kind" "Notes" "text" (tpl (.Files.Get "notes.txt") .) | toYaml }}';
    await writeFile(join(folder, 'templates', 'notes.yaml'), shown);
    const { code, stdout, stderr } = await helm('template', 'ark', folder, '--namespace', 'agents', ...args);
    if (code !== 0) throw new Error(stderr);
    const objects = loadAll(stdout) as ({ kind: string; text?: string } | null)[];
    return objects.find((object) => object?.kind === 'Notes')?.text ?? '';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const set = (...values: string[]): string[] => values.flatMap((value) => ['--set', value]);
