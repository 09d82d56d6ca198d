import type { Command } from 'commander';
import { addHeaderFlag } from '../a2a/header-flags.js';
import type { InspectFlags } from '../a2a/inspect-agent.js';
import type { SendFlags } from '../a2a/send-message.js';
import type { CliContext } from '../context.js';

export default function define(program: Command, context: CliContext): void {
  const a2a = program.command('a2a').description('look at agents on A2A servers, and speak to them, without a runtime');
  addHeaderFlag(a2a.command('inspect <url>'))
    .description('show the agent card of a server, or the list of cards there: who it is and how it is called')
    .option('-o, --output <format>', 'text|json', 'text')
    .option('--timeout <duration>', 'time limit', '10s')
    .action(async (url: string, flags: InspectFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { inspectAgent } = await import('../a2a/inspect-agent.js');
      await inspectAgent(url, flags, context);
    });
  addHeaderFlag(a2a.command('send <url> <text...>'))
    .description('send a message to the agent of a server and show its answer')
    .option('--agent <name>', 'which one, where the address lists several')
    .option('--stream', 'show the answer while it comes')
    .option('--context-id <id>', 'continue a conversation')
    .option('--task-id <id>', 'answer what a task asks')
    .option('-o, --output <format>', 'text|json', 'text')
    .option('--timeout <duration>', 'time limit', '5m')
    .action(async (url: string, words: string[], flags: SendFlags) => {
      context.jsonErrors = flags.output === 'json';
      const { sendMessage } = await import('../a2a/send-message.js');
      context.exitCode = await sendMessage(url, words.join(' '), flags, context);
    });
}
