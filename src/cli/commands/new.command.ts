import type { Command } from 'commander';
import type { CliContext } from '../context.js';

export default function define(program: Command, context: CliContext): void {
  const command = program.command('new').description('begin something of your own from a working example');
  command
    .command('engine <name>')
    .description('an execution engine with spec, manifests and README: in plugins/ of this repository, else a package')
    .option('--dir <folder>', 'make a package of its own there (default: ./NAME)')
    .action(async (name: string, flags: { dir?: string }) => {
      const { newEngine } = await import('../scaffold/new-engine.js');
      newEngine(name, flags, context.terminal);
    });
}
