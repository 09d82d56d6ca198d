import type { CliContext } from '../context.js';
import { CommandFailure, ExitCode, UsageError } from '../exit-code.js';
import { printJson } from '../output/print.js';
import { cardProblems } from './card-problems.js';
import { type MeetingFlags, meetAgents } from './foreign-agent.js';
import type { ForeignAgent } from './listed-agents.js';

export interface InspectFlags extends MeetingFlags {
  output: string;
}

/** Prints what a server says of its agents. @throws CommandFailure when a card is not sound, after it was shown */
export async function inspectAgent(address: string, flags: InspectFlags, context: CliContext): Promise<void> {
  if (!['text', 'json'].includes(flags.output)) throw new UsageError(`Unknown output "${flags.output}": text or json.`);
  const { agents, listed, problems: unusable } = await meetAgents(address, flags);
  const cards = agents.map(({ card }) => card);
  if (flags.output === 'json') context.terminal.out(printJson(listed ? cards : cards[0]));
  else context.terminal.out(agents.map((agent) => sheetOf(agent, listed)).join('\n'));
  const unsound = cards.flatMap((card) => cardProblems({ ...card }).map((text) => `${String(card.name)}: ${text}`));
  const problems = [...unsound, ...unusable];
  if (problems.length === 0) return;
  throw new CommandFailure(
    ExitCode.failed,
    `The ${listed ? 'list' : 'card'} is not sound: ${problems.join('; ')}`,
    'BadCard',
    { problems },
  );
}

function sheetOf({ card, url, dialects }: ForeignAgent, listed: boolean): string {
  const skills = Array.isArray(card.skills) ? card.skills : [];
  const security = Object.keys((card.securitySchemes ?? {}) as object);
  const rows: [string, string][] = [
    ['Name', text(card.name) || '(none: an A2AServer refuses this card)'],
    ['Description', text(card.description)],
    ['Version', text(card.version)],
    ...(listed ? [['Address', url] as [string, string]] : []),
    ['Streaming', card.capabilities?.streaming === true ? 'yes' : 'no'],
    ['Push', card.capabilities?.pushNotifications === true ? 'yes' : 'no'],
    ['Spoken to in', dialects.map(({ name }) => name).join(', ') || 'nothing that is spoken here'],
    ...(security.length > 0 ? [['Security', security.join(', ')] as [string, string]] : []),
    ['Skills', skills.map(nameOf).filter(Boolean).join(', ') || 'none'],
  ];
  return rows.map(([label, value]) => `${`${label}:`.padEnd(14)}${value}\n`).join('');
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const nameOf = (skill: { id?: unknown; name?: unknown } | null) => text(skill?.name) || text(skill?.id);
