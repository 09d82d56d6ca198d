/** What only one process has to do for an object, although all of them watch it. The machinery knows whose turn it is. */
export abstract class Duties {
  /** Whether this process does it; for a moment, when processes come and go, two may think so. */
  abstract isMine(uid: string): boolean;
}
