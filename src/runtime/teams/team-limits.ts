import { addUsage, type TeamConfig, type TeamStrategy, type TokenUsage } from '../../kit/index.js';
import { DEFAULT_MAX_TURNS } from '../../resources/team/team.admission.js';

/** What a team may spend, and which limit it has met. Wall time is kept by signals. */
export class TeamLimits {
  private usage?: TokenUsage;
  private readonly ownTurns?: number;

  constructor(
    private readonly team: TeamConfig,
    strategy: TeamStrategy,
    private readonly maxTokens: number | undefined,
  ) {
    this.ownTurns = strategy.turnsOf?.(team);
  }

  spend(usage: TokenUsage): void {
    this.usage = addUsage(this.usage, usage);
  }

  /** How many turns are left, after so many. */
  turnsLeft(taken: number): number {
    return (this.ownTurns ?? this.team.maxTurns ?? DEFAULT_MAX_TURNS) - taken;
  }

  /** The sentence that says which limit ends the team before another turn; undefined while there is none. */
  met(taken: number): string | undefined {
    const { maxTokens, team } = this;
    const spent = this.usage?.totalTokens ?? 0;
    if (maxTokens !== undefined && spent >= maxTokens) {
      return `Team ${team.name} ended: it has spent ${spent} tokens, and maxTokens is ${maxTokens}.`;
    }
    // A strategy that knows its turns is asked once more, so that it can say what the answer is.
    if (this.ownTurns !== undefined || this.turnsLeft(taken) > 0) return undefined;
    const why = team.maxTurns === undefined ? 'the most where no maxTurns is set' : `maxTurns is ${team.maxTurns}`;
    return `Team ${team.name} ended after ${taken} turns: ${why}.`;
  }
}
