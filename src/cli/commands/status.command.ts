import { type Command, Option } from 'commander';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';
import type { StatusFlags } from '../status/show-status.js';

export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('status')
    .description('whether the runtime is up, where, and what it has')
    .option('-o, --output <format>', 'text|json', 'text')
    .addOption(new Option('--wait-for-ready [duration]', 'look until it is ready, at most that long').preset('30m'))
    .action(async (flags: StatusFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { showStatus } = await import('../status/show-status.js');
      context.exitCode = await showStatus(flags, context);
    });
  addConnectionFlags(command);
}
