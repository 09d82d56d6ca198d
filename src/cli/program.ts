import { readdirSync } from 'node:fs';
import { Command } from 'commander';
import { VERSION } from '../version.js';
import type { CliContext } from './context.js';

/** What a `*.command.ts` file exports by default: it adds its verb, flags and action to the program. */
export type DefineCommand = (program: Command, context: CliContext) => void;

const FOLDER = new URL('./commands/', import.meta.url);
const COMMAND_FILE = /^[a-z0-9-]+\.command\.(js|ts)$/;

/** The whole command line. Commands are the files of `commands/`, found by suffix; each loads its work when called. */
export async function buildProgram(context: CliContext): Promise<Command> {
  const program = new Command()
    .name(context.alias)
    .description('Agents, teams, models and tools on Kubernetes, or on this machine alone')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({ writeOut: (text) => context.terminal.out(text), writeErr: (text) => context.terminal.err(text) })
    .version(VERSION, '--version');
  const files = readdirSync(FOLDER)
    .filter((file) => COMMAND_FILE.test(file))
    .sort();
  const modules = await Promise.all(
    files.map(async (file) => (await import(new URL(file, FOLDER).href)) as { default: DefineCommand }),
  );
  for (const module of modules) module.default(program, context);
  return program;
}
