#!/usr/bin/env node
// Kept in old JavaScript on purpose: this file must run on a Node that is too old for everything else.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = [24, 9];
const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const MAIN = join(PROJECT, 'dist', 'src', 'cli', 'main.js');

function isCurrent(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The Node that this package brings along, or the one of the project it is installed in. */
function bundledNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = [join(PROJECT, 'node_modules'), join(PROJECT, '..')];
  return folders
    .flatMap((folder) => [join(folder, 'node', 'bin', file), join(folder, '.bin', file)])
    .find((candidate) => existsSync(candidate));
}

function fail(text) {
  process.stderr.write(`ark: ${text}\n`);
  process.exit(2);
}

function runWith(node) {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, ARK_REEXECUTED: '1', ARK_INVOKED_AS: process.env.ARK_INVOKED_AS || process.argv[1] };
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}

if (!isCurrent(process.version)) {
  const node = process.env.ARK_REEXECUTED ? undefined : bundledNode();
  if (node) runWith(node);
  else fail(`needs Node ${NEEDED.join('.')} or later, this is ${process.version}. Install it, or run "npm ci" here.`);
} else if (!existsSync(MAIN)) {
  fail('the program is not built yet. Run "npm run build" first.');
} else {
  const { main } = await import(pathToFileURL(MAIN).href);
  const invokedAs = process.env.ARK_INVOKED_AS || process.argv[1];
  // Notes from the first process to the second; programs started from here must not read them.
  delete process.env.ARK_INVOKED_AS;
  delete process.env.ARK_REEXECUTED;
  await main(process.argv.slice(2), invokedAs);
}
