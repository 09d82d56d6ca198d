/** Who may hold the claim of a Query or an Evaluation. The machinery knows; a holder is one start of one process. */
export abstract class ClaimHolders {
  abstract readonly self: string;
  abstract isAlive(holder: string): boolean;
}
