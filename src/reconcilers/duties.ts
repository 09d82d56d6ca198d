import { type KubeObject, Next } from '../kit/index.js';

/** How often a process looks whether an object has become its own; the end of a process is told to the others besides. */
const NOT_MINE_MS = 60_000;

/** What only one process has to do for an object, although all of them watch it. The machinery knows whose turn it is. */
export abstract class Duties {
  /** Whether this process does it; for a moment, when processes come and go, two may think so. */
  abstract isMine(uid: string): boolean;
}

/**
 * When to look again at an object that another process writes about; undefined when it is this one's. Were all of them to
 * write, each would report every Event, and two versions of this program side by side would overwrite each other's words
 * without end.
 */
export function othersDuty(duties: Duties, { metadata: { uid = '' } }: KubeObject): Next | undefined {
  return duties.isMine(uid) ? undefined : Next.after(NOT_MINE_MS * (0.9 + Math.random() * 0.2));
}
