import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { RecordingTerminal } from './recording-terminal.js';

const ROOT = process.getuid?.() === 0;

describe('files given to the command line', () => {
  const folder = temporaryFolder();
  let root: string;
  beforeEach(async () => {
    root = folder();
    await mkdir(join(root, 'dir/folder.yaml'), { recursive: true });
    await mkdir(join(root, 'empty'));
    await writeFile(join(root, 'file'), 'text');
    await writeFile(join(root, 'large'), 'x'.repeat(1_200_000));
    await writeFile(join(root, 'secret'), 'text');
    await chmod(join(root, 'secret'), 0o000);
  });

  async function refuses(args: string[], input = ''): Promise<string> {
    const terminal = new RecordingTerminal(root, { ARK_DATA_DIR: root });
    terminal.input = input;
    expect(await run(args, terminal, 'ark')).toBe(2);
    expect(terminal.stderr).not.toMatch(/\b(EISDIR|EEXIST|ENOTDIR|EACCES|ENOENT)\b/);
    return terminal.stderr;
  }

  it('are refused in a sentence when they are folders, absent, or not readable', async () => {
    expect(await refuses(['agent', 'a', '-f', 'dir'])).toContain(
      `${join(root, 'dir')} is a folder, and a file is needed`,
    );
    expect(await refuses(['agent', 'a', '-f', 'file/below'])).toContain(join(root, 'file/below'));
    expect(await refuses(['apply', '-f', 'dir'])).toContain('no object in dir');
    expect(await refuses(['apply', '-f', 'empty'])).toContain('no object in empty');
    expect(await refuses(['apply', '-f', 'absent'])).toContain('There is no file or folder');
    expect(await refuses(['apply', '-f', '-'])).toContain('no object in stdin');
    expect(await refuses(['get', 'agents', '--kubeconfig', 'dir'])).toContain(`${join(root, 'dir')} is a folder`);
    if (!ROOT) expect(await refuses(['apply', '-f', 'secret'])).toContain('may not be read');
  });

  it('are no data folders', async () => {
    for (const args of [['get', 'agents'], ['start']]) {
      expect(await refuses([...args, '--data-dir', 'file'])).toContain(`${join(root, 'file')} is a file`);
    }
  });

  it('are refused before anything is sent when they do not fit into a Query', async () => {
    for (const args of [
      ['-f', 'large'],
      ['-f', '-'],
      ['-i', 'x'.repeat(1_200_000)],
    ]) {
      const said = await refuses(['agent', 'parrot', ...args], 'x'.repeat(1_200_000));
      expect(said).toContain('1.14 MiB');
      expect(said).toContain('at most 1 MiB');
    }
  });
});
