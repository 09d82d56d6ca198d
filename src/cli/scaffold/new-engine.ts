import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { engineFiles } from './engine-files.js';
import { packageFiles } from './package-files.js';

/** A name of an engine is the name of an object, and the stem of a file and a class. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 63;
/** Hosted agents are named by it; no engine may be. */
const RESERVED = 'a2a';

/** This program: a checkout of the repository, or a package in somebody's node_modules. */
const OWN = new URL(import.meta.url.includes('/dist/') ? '../../../../' : '../../../', import.meta.url).pathname;

/** Writes the files of a new engine, and says how to go on. Nothing is written over. */
export function newEngine(name: string, options: { dir?: string }, terminal: Terminal): void {
  refuseName(name);
  const checkout = options.dir === undefined ? checkoutAbove(terminal.cwd) : undefined;
  const folder = checkout ? join(checkout, 'plugins', 'engines', name) : resolve(terminal.cwd, options.dir ?? name);
  if (existsSync(folder)) throw new UsageError(`${folder} exists already; choose another name, or another --dir.`);
  const files = checkout ? engineFiles(name, 'tree') : ownPackage(name, folder);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    terminal.out(`${shown(file, terminal.cwd)}\n`);
  }
  const place = shown(folder, terminal.cwd);
  terminal.err(checkout ? treeSteps(name, relative(checkout, folder)) : packageSteps(name, place));
}

function refuseName(name: string): void {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new UsageError(
      `"${name}" cannot be the name of an engine: take small letters, digits and single dashes, beginning with a letter, ` +
        `at most ${LONGEST_NAME}.`,
    );
  }
  if (name === RESERVED || builtIn().includes(name)) {
    throw new UsageError(`An engine "${name}" comes with nest-ark; two of one name cannot run. Choose another name.`);
  }
}

const builtIn = () =>
  globSync('{plugins,dist/plugins}/engines/**/*.engine.{js,ts}', { cwd: OWN }).map(
    (path) => basename(path).split('.')[0],
  );

/** The checkout of nest-ark that a folder is in, or undefined. */
function checkoutAbove(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(manifest)) return isCheckout(manifest, at) ? at : undefined;
    if (at === dirname(at)) return undefined;
  }
}

function isCheckout(manifest: string, folder: string): boolean {
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
  return name === 'nest-ark' && existsSync(join(folder, 'plugins', 'engines'));
}

function ownPackage(name: string, folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(OWN, 'package.json'), 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
  // From a checkout nothing newer can be had than the checkout itself.
  const installed = OWN.includes(`${sep}node_modules${sep}`);
  const source = installed ? `^${manifest.version}` : `file:${relative(folder, OWN)}`;
  return { ...packageFiles(name, { ...manifest, source }), ...engineFiles(name, 'package') };
}

const shown = (path: string, cwd: string) => relative(cwd, path) || '.';

const treeSteps = (name: string, folder: string) => `
Next, in the repository:

  npm run build && npm test -- ${folder}
  npx ark start &
  npx ark status --data-dir .ark --wait-for-ready
  npx ark apply -f ${folder}/manifests
  npx ark agent ${name} "Hello"
`;

const packageSteps = (name: string, folder: string) => `
Next:

  cd ${folder}
  npm install
  npm test
  npx ark start &
  npx ark status --data-dir .ark --wait-for-ready
  npx ark apply -f manifests
  npx ark agent ${name} "Hello"
`;
