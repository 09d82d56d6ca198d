import type { Command } from 'commander';
import type { ClusterOptions } from '../cluster/cluster.js';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';

export interface StatusFlags extends ClusterOptions {
  output: string;
}

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('whether the runtime is up, where, and what it has')
    .option('-o, --output <format>', 'text|json', 'text')
    .action(async (flags: StatusFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { showStatus } = await import('../status/show-status.js');
      context.exitCode = await showStatus(flags, context);
    });
  addConnectionFlags(command);
}
