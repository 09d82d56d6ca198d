import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { UsageError } from '../exit-code.js';

/** Settings that have a flag; absent ones come from the environment or their defaults. */
export interface StartOverrides {
  dataDir?: string;
  port?: number;
  apiServerPort?: number;
  plugins?: string[];
}

const port = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new UsageError(`"${text}" is not a port.`);
  return number;
};

export default function define(program: Command, _context: CliContext): void {
  program
    .command('start')
    .description('run the runtime in this process, with its own API server unless it runs in a cluster')
    .option('--data-dir <folder>', 'where everything is kept (default: .ark)')
    .option('--port <number>', 'port of the HTTP door; 0 takes a free one (default: 8080)', port)
    .option('--api-server-port <number>', 'port of the API server; 0 takes a free one (default: 6443)', port)
    .option('--plugins <path...>', 'folders or packages with plugins')
    .action(async (flags: StartOverrides) => {
      const { start } = (await import(new URL('../../main.js', import.meta.url).href)) as {
        start(overrides: StartOverrides): Promise<void>;
      };
      await start(flags);
    });
}
