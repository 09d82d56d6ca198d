/** More than these need not be named: they speak at the same time. */
const NAMED = 3;

/** Whose turn it is in the teams that work on a Query, for the message of a time-out. */
export class Floor {
  private readonly turns = new Set<string>();

  /**
   * @param signal ends the Query
   * @param above hears of every turn too
   */
  constructor(
    private readonly signal: AbortSignal,
    private readonly above?: Floor,
  ) {}

  /** The floor of one team among those that work on the Query. */
  within(): Floor {
    return new Floor(this.signal, this);
  }

  /**
   * Remembers the turn while the work goes on, and for good when the Query ends it.
   *
   * @param turn e.g. `team 'default/desk', turn 2: agent 'writer'`
   */
  async during<T>(turn: string, work: () => Promise<T>): Promise<T> {
    this.turns.add(turn);
    try {
      return await (this.above ? this.above.during(turn, work) : work());
    } finally {
      if (!this.signal.aborted) this.turns.delete(turn);
    }
  }

  /** To be put behind the message of a time-out; empty where nobody has the floor. */
  get waitedFor(): string {
    const turns = [...this.turns];
    if (turns.length === 0) return '';
    const more = turns.length > NAMED ? `; and ${turns.length - NAMED} more` : '';
    return `; waited for ${turns.slice(0, NAMED).join('; ')}${more}`;
  }
}
