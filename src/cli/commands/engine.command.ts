import type { Command } from 'commander';
import { addHeaderFlag } from '../a2a/header-flags.js';
import type { ConformanceFlags } from '../conformance/run-conformance.js';
import type { CliContext } from '../context.js';
import { addConnectionFlags } from '../query/query-flags.js';

export default function define(program: Command, context: CliContext): void {
  const engine = program.command('engine').description('judge execution engines, whatever they are written in');
  const command = engine
    .command('conformance <url>')
    .description('hold the engine at an address to the contract of engines, over the wire')
    .option('-o, --output <format>', 'text|json', 'text')
    .option('--agent <name>', 'ask as this agent, e.g. one with a model (default: one made for the time being)')
    .option('--input <text>', 'what to ask', 'How are you today?')
    .option('--timeout <duration>', 'time limit of each case', '30s')
    .option('--no-cluster', 'judge only what needs no Query')
    .action(async (url: string, flags: ConformanceFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { runConformance } = await import('../conformance/run-conformance.js');
      context.exitCode = await runConformance(url, flags, context);
    });
  addHeaderFlag(addConnectionFlags(command));
}
