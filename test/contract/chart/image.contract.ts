import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.js';
import { run } from '../../harness/runtime.js';

/** What the image adds to its base may be so large, in bytes; now it is 140 MiB. */
const LARGEST = 200 * 1024 * 1024;

interface Step {
  instruction: string;
  rest: string;
}

/** The instructions of the stages of a Dockerfile. */
function stages(text: string): Step[][] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const steps = lines.map((line) => ({ instruction: line.split(' ', 1)[0] ?? '', rest: line.replace(/^\w+ /, '') }));
  const starts = steps.flatMap(({ instruction }, at) => (instruction === 'FROM' ? [at] : []));
  return starts.map((start, index) => steps.slice(start + 1, starts[index + 1]));
}

/** No engine builds images here: folders stand for the stages, and this checkout's packages for those of the registry. */
async function build(stage: Step[], folder: string, built?: string): Promise<void> {
  for (const { instruction, rest } of stage) {
    if (instruction === 'COPY') {
      const fromBuild = rest.startsWith('--from=build ');
      const words = rest.replace('--from=build /app/', '').split(' ');
      for (const source of words.slice(0, -1)) {
        const target = join(folder, source);
        cpSync(join(fromBuild ? (built ?? '') : process.cwd(), source), target, {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
    } else if (instruction === 'RUN' && rest.startsWith('npm ci')) {
      const lend = (how: string) => run('cp', [how, join(process.cwd(), 'node_modules'), folder]);
      // Links where the file system is the same, which is quick.
      if ((await lend('-al')).code !== 0) expect(await lend('-a')).toMatchObject({ code: 0 });
      rmSync(join(folder, 'node_modules/.cache'), { recursive: true, force: true });
    } else if (instruction === 'RUN' && !rest.includes('/data')) {
      const result = await run('sh', ['-c', rest], { cwd: folder, env: { npm_config_offline: 'true' } });
      expect(result).toMatchObject({ code: 0 });
    }
  }
}

/** The files of a folder that stay in the image, each with a hash of what it holds. */
function contents(folder: string): string[] {
  const files = globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).filter((path) => !DROPPED.test(path));
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return paths.map((path) => `${path.slice(folder.length + 1)} ${hash(path)}`).sort();
}

/** What the last step of the first stage deletes. */
const DROPPED = /\.map$|\.d\.\w*ts$|\.tsbuildinfo$/;

function bytesIn(folder: string): number {
  const entries = globSync('**', { cwd: folder, withFileTypes: true });
  return entries.reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0);
}

describe('the steps of the Dockerfile', () => {
  it('make a program that starts, small, the same each time, without compilers, tests and root', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ark-image-'));
    try {
      const [building, image] = stages(readFileSync('Dockerfile', 'utf8'));
      const [built, app] = [join(folder, 'build'), join(folder, 'app')];
      for (const path of [built, app]) cpSync('LICENSE', join(path, 'LICENSE'));
      await build(building ?? [], built);
      await build(image ?? [], app, built);
      for (const absent of [
        'src',
        'node_modules/typescript',
        'node_modules/jest',
        'node_modules/node',
        'dist/.tsbuildinfo',
      ])
        expect([absent, existsSync(join(app, absent))]).toEqual([absent, false]);
      expect(image?.find(({ instruction }) => instruction === 'USER')?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(bytesIn(app)).toBeLessThan(LARGEST);
      const again = join(folder, 'again');
      cpSync('LICENSE', join(again, 'LICENSE'));
      const upToBuild = (building ?? []).findIndex(({ rest }) => rest === 'npm run build') + 1;
      await build((building ?? []).slice(0, upToBuild), again);
      expect(contents(join(app, 'dist'))).toContainEqual(expect.stringMatching(/^src\/main\.js /));
      expect(contents(join(again, 'dist'))).toEqual(contents(join(app, 'dist')));
      await starts(app);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);
});

/** With the entry point and command of the image. */
async function starts(app: string): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'ark-image-'));
  const child = spawn(process.execPath, [join(app, 'bin/ark.js'), 'start', '--port', '0', '--api-server-port', '0'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production', ARK_DATA_DIR: data },
    stdio: 'ignore',
  });
  try {
    await eventually(async () => {
      const { http } = JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8')) as { http: string };
      expect((await fetch(`${http}/readyz`)).status).toBe(200);
    });
  } finally {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}
