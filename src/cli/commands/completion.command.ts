import type { Command } from 'commander';
import type { CliContext } from '../context.js';

export default function define(program: Command, context: CliContext): void {
  program
    .command('completion <shell>')
    .description('print a completion script for bash, zsh or fish; it serves ark and fark')
    .action(async (shell: string) => {
      const { completionScript } = await import('../output/completion-script.js');
      const verbs = program.commands.map((command) => ({
        names: [command.name(), ...command.aliases()],
        flags: command.options.filter((option) => !option.hidden).flatMap((option) => option.long ?? []),
      }));
      context.terminal.out(completionScript(shell, verbs));
    });
}
