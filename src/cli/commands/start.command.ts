import { delimiter, resolve } from 'node:path';
import type { Command } from 'commander';
import { ArkError } from '../../kit/errors/ark-error.js';
import { checkDataFolder } from '../cluster/data-folder.js';
import type { CliContext } from '../context.js';
import { UsageError } from '../exit-code.js';

/** Settings that have a flag, by their names in the runtime; absent ones come from the environment or their defaults. */
type Overrides = Record<string, string>;
type StartFlags = { plugins?: string[] } & Omit<Overrides, 'plugins'>;

export default function define(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('run the runtime in this process, with its own API server unless it runs in a cluster')
    .option('--data-dir <folder>', 'where everything is kept (default: .ark)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port of the HTTP API; 0 takes a free one (default: 8080)')
    .option('--api-server-port <number>', 'port of the API server; 0 takes a free one (default: 6443)')
    .option('--public-url <url>', 'where others reach the HTTP API, for agent cards and published engines')
    .option('--plugins <path...>', 'folders and npm packages with extensions')
    .option('--kubernetes <where>', 'where the resources live: embedded, in-cluster or kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig file')
    .option('--context <name>', 'context in the kubeconfig')
    .option('-n, --namespace <name>', "the process's own namespace")
    .option('--max-concurrent-queries <number>', 'queries worked on at once (default: 256)')
    .option('--log-level <level>', 'debug, info, warn or error (default: info)')
    .option('--auth-mode <mode>', 'who may use the HTTP doors')
    .action(async ({ plugins, ...flags }: StartFlags) => {
      const dataDir = flags.dataDir ?? (context.terminal.env.ARK_DATA_DIR || undefined);
      if (dataDir) checkDataFolder(resolve(context.terminal.cwd, dataDir));
      const { start } = await import('../../main.js');
      await start({ ...flags, ...(plugins ? { pluginPath: plugins.join(delimiter) } : {}) }).catch(asUsage);
    });
}

/** A setting that is not valid is a mistake in the command line, not a failure of the runtime. */
function asUsage(error: unknown): never {
  if (error instanceof ArkError && error.family === 'Invalid') throw new UsageError(error.message);
  throw error;
}
