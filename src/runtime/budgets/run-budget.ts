import { ArkError, denied } from '../../kit/index.js';

export interface BudgetLimits {
  /** Tool calls of the whole run, those of delegated agents included. */
  toolCalls: number;
  /** Completions of models, the same way. */
  turns: number;
  /** Agents that wait for each other's answers. */
  depth: number;
}

/** Far above what honest work takes; low enough that a runaway ends in minutes, not in a bill. */
export const DEFAULT_LIMITS: BudgetLimits = { toolCalls: 500, turns: 250, depth: 8 };

const BUDGET_SPENT = 'BudgetSpent';

/** What one attempt at a Query may spend, shared by all agents that work on it. Wall time is the Query's deadline. */
export class RunBudget {
  private toolCalls = 0;
  private turns = 0;

  constructor(readonly limits: BudgetLimits = DEFAULT_LIMITS) {}

  /**
   * @param who whose turn it is, for the message
   * @throws `Denied` when there is none left
   */
  spendToolCall(who: string): void {
    this.toolCalls += 1;
    if (this.toolCalls > this.limits.toolCalls) throw spent(`${this.limits.toolCalls} tool calls`, who);
  }

  /** The same for a completion of a model. */
  spendTurn(who: string): void {
    this.turns += 1;
    if (this.turns > this.limits.turns) throw spent(`${this.limits.turns} model turns`, who);
  }
}

const spent = (what: string, who: string) =>
  denied(
    `the query has spent its budget of ${what} in the turn of ${who}: it may be going in circles. Ask for less at once`,
    {
      reason: BUDGET_SPENT,
    },
  );

/** Whether the error is about the whole run, and not about the one call that met it. */
export const endsRun = (error: unknown): error is ArkError =>
  error instanceof ArkError && error.reason === BUDGET_SPENT;
