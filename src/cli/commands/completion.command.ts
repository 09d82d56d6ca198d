import type { Command } from 'commander';
import type { CliContext } from '../context.js';

export default function define(program: Command, context: CliContext): void {
  program
    .command('completion <shell>')
    .description('print a completion script for bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('../output/completion-script.js');
      const verbs = program.commands.flatMap((command) => [command.name(), ...command.aliases()]);
      context.terminal.out(completionScript(shell, context.alias, verbs.toSorted()));
    });
}
