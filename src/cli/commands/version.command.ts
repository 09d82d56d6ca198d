import type { Command } from 'commander';
import { VERSION } from '../../version.js';
import type { CliContext } from '../context.js';

export default function define(program: Command, context: CliContext): void {
  program
    .command('version')
    .description('print the version of this program')
    .action(() => context.terminal.out(`${VERSION}\n`));
}
