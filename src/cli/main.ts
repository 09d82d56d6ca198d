import { basename } from 'node:path';
import type { CommanderError } from 'commander';
import type { CliContext } from './context.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { reportError } from './output/error-report.js';
import { systemTrouble } from './output/system-error.js';
import { buildProgram } from './program.js';
import { processTerminal, type Terminal } from './terminal.js';

/** Runs one command line and tells its exit code. `invokedAs` is the path of the program: `fark` has other defaults. */
export async function run(args: string[], terminal: Terminal, invokedAs: string): Promise<number> {
  const alias = basename(invokedAs).replace(/\.(js|cmd|exe)$/, '') === 'fark' ? 'fark' : 'ark';
  const context: CliContext = { terminal, alias, exitCode: ExitCode.ok };
  try {
    const program = await buildProgram(context);
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (isCommanderError(error)) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    const told = systemTrouble(error) ?? error;
    reportError(told, context);
    return exitCodeOf(told);
  }
}

/** The entry of `bin/ark.js`. */
export async function main(args: string[], invokedAs: string): Promise<void> {
  // A reader that went away (`ark get agents | head -1`) is a normal end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.exitCode = await run(args, processTerminal(), invokedAs);
}

const isCommanderError = (error: unknown): error is CommanderError =>
  typeof (error as CommanderError)?.code === 'string' && (error as CommanderError).code.startsWith('commander.');
