import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { addQueryFlags, type QueryFlags } from '../query/query-flags.js';

/** `ark query type/name text…`, `ark query NAME` to ask a stored query again, bare to list. */
export default function define(program: Command, context: CliContext): void {
  const command = program
    .command('query [target] [text...]')
    .alias('queries')
    .description('ask agent/NAME, team/NAME, model/NAME or tool/NAME; ask a stored query again; or list queries')
    .action((target: string | undefined, words: string[], flags: QueryFlags) => act(target, words, flags, context));
  addQueryFlags(command);
}

async function act(target: string | undefined, words: string[], flags: QueryFlags, context: CliContext): Promise<void> {
  context.jsonErrors = flags.output === 'json';
  if (target === undefined || ((target === 'list' || target === 'ls') && words.length === 0)) {
    const { listTargets } = await import('../query/list-targets.js');
    return listTargets('query', flags, context);
  }
  if (target.includes('/')) {
    const [{ askTarget }, { parseTarget }] = await Promise.all([
      import('../query/ask-target.js'),
      import('../query/parse-target.js'),
    ]);
    context.exitCode = await askTarget(parseTarget(target), words, flags, context);
    return;
  }
  const { askAgain } = await import('../query/ask-again.js');
  context.exitCode = await askAgain(target, words, flags, context);
}
