/** Who may hold the claim of a Query or an Evaluation. The machinery knows; a holder is one start of one process. */
export abstract class ClaimHolders {
  abstract readonly self: string;
  abstract isAlive(holder: string): boolean;
  /** Calls back whenever a holder is found to have died or ended. */
  abstract onGone(listener: (holder: string) => void): void;
}
