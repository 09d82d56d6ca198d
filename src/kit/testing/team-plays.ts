import type { Message } from '../engine/message.js';
import type {
  TeamConfig,
  TeamContext,
  TeamEnd,
  TeamMember,
  TeamReply,
  TeamState,
  TeamStrategy,
} from '../team/team-strategy.js';
import { frozen } from './frozen.js';
import { silentLogger } from './requests.js';

/** A team for specs of strategies: `crew` in `default` with the agents `a`, `b` and `c`. */
export function teamConfig(parts: Partial<Omit<TeamConfig, 'members'>> & { members?: string[] } = {}): TeamConfig {
  const { members = ['a', 'b', 'c'], ...rest } = parts;
  return {
    ...{ name: 'crew', namespace: 'default', description: '', loops: false, edges: [] },
    ...rest,
    members: members.map((name): TeamMember => ({ name, type: 'agent', description: `Knows ${name}` })),
  };
}

/** What a strategy is lent, for specs: nobody to ask, unless replies are given; they are used up in order. */
export function teamContext(replies: TeamReply[] = [], asked: object[] = []): TeamContext {
  const left = [...replies];
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    async ask(question) {
      asked.push(question);
      const reply = left.shift();
      if (!reply) throw new Error('this context was given nobody to ask');
      return reply;
    },
  };
}

export interface TeamPlay {
  /** The names of those that spoke, turn by turn; those of one turn were side by side. */
  turns: string[][];
  /** How the strategy ended it; absent when `most` turns did. */
  end?: TeamEnd;
}

/** Lets a strategy direct a team in which everybody says the own name, for at most so many turns. */
export async function playTeam(
  strategy: TeamStrategy,
  team: TeamConfig,
  options: { context?: TeamContext; most?: number; onState?(state: TeamState): void } = {},
): Promise<TeamPlay> {
  const { context = teamContext(), most = 50 } = options;
  const turns: string[][] = [];
  let state: TeamState = { team, spoken: [], history: [], transcript: [], input: 'Go' };
  while (turns.length < most) {
    options.onState?.(state);
    const step = await strategy.next(frozen(state), context);
    if ('end' in step) return { turns, end: step };
    turns.push(step.speak.map(({ name }) => name));
    const said = step.speak.map(({ name }): Message => ({ role: 'assistant', name, content: `${name} speaks` }));
    state = { ...state, spoken: [...state.spoken, ...step.speak], transcript: [...state.transcript, ...said] };
  }
  return { turns };
}
