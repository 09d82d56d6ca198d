// Compiles on every change and restarts the runtime when the output has changed. Arguments go to `ark start`.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let runtime;
compiler.stdout.on('data', (data) => {
  process.stdout.write(data);
  // The first complete build starts the runtime; from then on Node itself watches the output.
  if (runtime || !String(data).includes('Watching for file changes')) return;
  const watch = ['--watch', '--watch-path=dist', '--enable-source-maps', 'bin/ark.js', 'start'];
  runtime = spawn(process.execPath, [...watch, ...process.argv.slice(2)], { stdio: 'inherit' });
  runtime.on('exit', (code) => {
    compiler.kill();
    process.exitCode = code ?? 1;
  });
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    compiler.kill();
    runtime?.kill(signal);
  });
}
