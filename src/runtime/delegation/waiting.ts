import { denied } from '../../kit/index.js';
import { type Participant, participantText } from './participant.js';
import type { RunScope } from './run-scope.js';

/** How one that waits is written in a path: agents by their name, since most are. */
export const pathEntry = ({ type, name }: Participant): string => (type === 'agent' ? name : `${type} ${name}`);

/**
 * The scope for somebody who is asked, with the asker among those who wait.
 *
 * @param asker as a path entry; absent where nobody waits, e.g. for a tool that a Query asks directly
 * @throws `Denied` for circles, and when too many wait for each other already
 */
export function waitingScope(scope: RunScope, asker: string | undefined, asked: Participant): RunScope {
  const path = asker === undefined ? scope.path : [...scope.path, asker];
  const entry = pathEntry(asked);
  const who = participantText(asked);
  if (path.includes(entry)) {
    const circle = [...path, entry].join(' → ');
    throw denied(`${who} cannot be asked: it waits for this answer itself (${circle})`);
  }
  const { depth } = scope.budget.limits;
  if (path.length >= depth) {
    throw denied(`${who} cannot be asked: ${depth} agents and teams wait for each other already; answer yourself`);
  }
  return { ...scope, path };
}
