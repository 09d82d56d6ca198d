import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { packageVersion } from '../package-version.js';

export default function define(program: Command, context: CliContext): void {
  program
    .command('version')
    .description('print the version of this program')
    .action(() => context.terminal.out(`${packageVersion()}\n`));
}
