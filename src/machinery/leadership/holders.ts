/**
 * Who may hold work: this process and its peers.
 *
 * `isAlive` errs towards alive: while nothing is known yet, nobody is declared dead, because a false death makes work
 * run twice and a false life only delays it.
 */
export abstract class Holders {
  /** This process. A restart is somebody else. Usable as a Kubernetes name. */
  abstract readonly self: string;
  abstract isAlive(holder: string): boolean;
  /** Calls back whenever a holder is found to have died or ended. */
  abstract onGone(listener: (holder: string) => void): void;
  /**
   * Whether this process does for an object what only one has to do. Spread over the living; for a moment, when
   * processes come and go, two may think so.
   */
  abstract isMine(uid: string): boolean;
}
