import type { Command } from 'commander';
import type { TargetType } from '../cluster/ark-kinds.js';
import type { CliContext } from '../context.js';
import { addQueryFlags, type QueryFlags } from '../query/query-flags.js';

const VERBS: Record<TargetType, string> = {
  agent: 'ask an agent, or list agents',
  team: 'ask a team, or list teams',
  model: 'ask a model directly, or list models',
  tool: 'call a tool, or list tools',
};

/** `ark agent NAME text…` and its sisters; bare they list. */
export default function define(program: Command, context: CliContext): void {
  for (const [type, description] of Object.entries(VERBS) as [TargetType, string][]) {
    const command = program
      .command(`${type} [name] [text...]`)
      .alias(`${type}s`)
      .description(description)
      .action((name: string | undefined, words: string[], flags: QueryFlags) => act(type, name, words, flags, context));
    addQueryFlags(command);
  }
}

async function act(
  type: TargetType,
  name: string | undefined,
  words: string[],
  flags: QueryFlags,
  context: CliContext,
): Promise<void> {
  context.jsonErrors = flags.output === 'json';
  // The older spelling: `ark agents list`, `ark agents query NAME text`.
  const isList = name === undefined || ((name === 'list' || name === 'ls') && words.length === 0);
  if (isList) {
    const { listTargets } = await import('../query/list-targets.js');
    return listTargets(type, flags, context);
  }
  const { askTarget } = await import('../query/ask-target.js');
  const [target, text] = name === 'query' && words[0] ? [words[0], words.slice(1)] : [name, words];
  context.exitCode = await askTarget({ type, name: target }, text, flags, context);
}
