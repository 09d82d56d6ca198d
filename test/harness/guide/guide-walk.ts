import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { findHelm } from '../helm.js';
import { installNestArk } from '../installed-package.js';
import { type CommandResult, findKubectl } from '../runtime.js';
import { type Block, showsSame } from './guide-blocks.js';

const PATIENCE = { within: 30_000, every: 250 };
/** Every port that a page calls by number on this machine, and the two that `ark start` takes unless told otherwise. */
const LOCAL_PORT = /(?:localhost|127\.0\.0\.1):(\d{2,5})/g;
const OWN_PORTS = ['8080', '6443'];

/**
 * Follows a guide as its reader would: an empty folder with nest-ark installed, one shell, block after block.
 *
 * Ports that the page names are replaced by free ones. What the reader starts with `&` lives until `end`.
 */
export class GuideWalk {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ark-guide-'));
  private readonly groups: number[] = [];
  private last: CommandResult = { code: 0, stdout: '', stderr: '' };

  private constructor(
    private readonly blocks: Block[],
    private readonly ports: Map<string, number>,
  ) {
    this.install();
  }

  static async begin(blocks: Block[]): Promise<GuideWalk> {
    const text = blocks.map((block) => block.text).join('\n');
    const named = new Set([...OWN_PORTS, ...[...text.matchAll(LOCAL_PORT)].map((match) => match[1] ?? '')]);
    const ports = new Map<string, number>();
    for (const port of named) ports.set(port, await freePort());
    return new GuideWalk(blocks, ports);
  }

  /** What the last block printed on standard output. */
  get printed(): string {
    return this.last.stdout;
  }

  /** Does what every block says. The error of the first that does not work names its line. */
  async toTheEnd(): Promise<void> {
    for (const [index, block] of this.blocks.entries()) {
      if (block.use === 'file') this.write(block.path, this.adapted(block.text));
      if (block.use === 'run') await this.run(block, this.blocks[index + 1]);
    }
  }

  /** Ends every process that the guide started, and removes the folder. */
  async end(): Promise<void> {
    for (const group of this.groups) signal(group, 'SIGTERM');
    await eventually(() => !this.groups.some((group) => signal(group, 0)), { within: 10_000 }).catch(() => {
      for (const group of this.groups) signal(group, 'SIGKILL');
    });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(block: Block & { use: 'run' }, next: Block | undefined): Promise<void> {
    const shown = next?.use === 'output' ? this.adapted(next.text) : undefined;
    const attempt = async () => {
      this.last = await this.shell(this.adapted(block.text));
      const { code, stdout, stderr } = this.last;
      if (code !== block.exit)
        throw new Error(`line ${block.line}: ended with ${code}\n${block.text}${stdout}${stderr}`);
      if (shown === undefined || showsSame(shown, stdout)) return;
      throw new Error(`line ${block.line}: the page shows\n${shown}\nbut it printed\n${stdout}\n${stderr}`);
    };
    await (block.eventually ? eventually(attempt, PATIENCE) : attempt());
  }

  /** One shell for the whole page: the folder it is in and what it exports go from block to block. */
  private async shell(text: string): Promise<CommandResult> {
    const state = join(this.folder, '.shell-state');
    const script = `set -euo pipefail; . ${state}\n${text}\n{ export -p; printf 'cd %q\\n' "$PWD"; } > ${state}\n`;
    const [out, err] = ['.stdout', '.stderr'].map((name) => join(this.folder, name)) as [string, string];
    // Files, not pipes: a program that stays behind would keep a pipe open.
    const files = [openSync(out, 'w'), openSync(err, 'w')] as const;
    const child = spawn('bash', ['-c', script], {
      cwd: this.folder,
      env: this.environment(),
      stdio: ['ignore', ...files],
      detached: true,
    });
    for (const file of files) closeSync(file);
    if (child.pid) this.groups.push(child.pid);
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code: code ?? 1, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') };
  }

  private environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(ARK_|KUBE|NODE_OPTIONS|npm_|JEST_)/i.test(name));
    const programs = [findKubectl(), findHelm()].filter((program) => program !== undefined);
    const path = [
      join(this.folder, 'node_modules', '.bin'),
      dirname(process.execPath),
      resolve('node_modules', '.bin'),
      ...programs.map((program) => dirname(program)),
      process.env.PATH,
    ];
    return {
      ...Object.fromEntries(own),
      HOME: this.folder,
      PATH: path.join(delimiter),
      ARK_PORT: String(this.ports.get('8080')),
      ARK_API_SERVER_PORT: String(this.ports.get('6443')),
      NO_COLOR: '1',
      // Nothing may come from a registry while a test runs.
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    };
  }

  private adapted(text: string): string {
    return text.replace(/\b\d{2,5}\b/g, (digits) => String(this.ports.get(digits) ?? digits));
  }

  /** nest-ark as a package, and the examples and charts of the repository. */
  private install(): void {
    installNestArk(this.folder, 'class-validator');
    for (const name of ['examples', 'charts']) symlinkSync(resolve(name), join(this.folder, name));
    this.write('package.json', '{ "private": true, "type": "module" }\n');
    this.write('.shell-state', '');
  }

  private write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Whether the process group is there and could be told. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
}
