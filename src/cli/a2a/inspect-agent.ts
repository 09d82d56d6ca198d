import type { CliContext } from '../context.js';
import { parseDuration } from '../duration.js';
import { UsageError } from '../exit-code.js';
import { printJson } from '../output/print.js';
import { meetAgent } from './foreign-agent.js';

export interface InspectFlags {
  output: string;
  timeout: string;
}

/** Prints what a server says of its agent. */
export async function inspectAgent(address: string, flags: InspectFlags, context: CliContext): Promise<void> {
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const { card, dialects } = await meetAgent(address, parseDuration(flags.timeout));
  if (flags.output === 'json') {
    context.terminal.out(printJson(card));
    return;
  }
  const skills = Array.isArray(card.skills) ? card.skills : [];
  const rows: [string, string][] = [
    ['Name', text(card.name) || '(none: an A2AServer refuses this card)'],
    ['Description', text(card.description)],
    ['Version', text(card.version)],
    ['Streaming', card.capabilities?.streaming === true ? 'yes' : 'no'],
    ['Spoken to in', dialects.map(({ name }) => name).join(', ')],
    ['Skills', skills.map(({ id, name }) => text(name) || text(id)).join(', ') || 'none'],
  ];
  for (const [label, value] of rows) context.terminal.out(`${`${label}:`.padEnd(14)}${value}\n`);
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
