import { errorText, invalid } from '../errors/ark-error.js';
import { cardIn, isObject } from './card-list.js';

/** A list may name so many agents. */
const MOST_AGENTS = 500;
/** Cards that are read at once. */
const AT_ONCE = 8;

/** What became of the entries of a list of cards, in its order. */
export interface ReadEntries<T> {
  found: T[];
  /** Of entries that cannot be used, naming each by its place and name. */
  problems: string[];
}

/**
 * Looks at the entries of a list of cards, a few at a time; one that cannot be used spoils no other.
 *
 * @throws Invalid when there are too many
 */
export async function readEntries<T>(
  list: readonly unknown[],
  look: (entry: unknown) => Promise<T>,
  isWanted: (entry: unknown) => boolean = () => true,
): Promise<ReadEntries<T>> {
  if (list.length > MOST_AGENTS) throw invalid(`the list names ${list.length} agents; at most ${MOST_AGENTS} are read`);
  const read: ReadEntries<T> = { found: [], problems: [] };
  const tried = async ([index, entry]: [number, unknown]): Promise<{ found: T } | { problem: string }> => {
    try {
      return { found: await look(entry) };
    } catch (error) {
      return { problem: `agent ${index + 1} of the list${namedIn(entry)}: ${errorText(error)}` };
    }
  };
  const wanted = [...list.entries()].filter(([, entry]) => isWanted(entry));
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    for (const one of await Promise.all(wanted.slice(start, start + AT_ONCE).map(tried))) {
      if ('found' in one) read.found.push(one.found);
      else read.problems.push(one.problem);
    }
  }
  return read;
}

function namedIn(entry: unknown): string {
  const card = cardIn(entry);
  return isObject(card) && typeof card.name === 'string' ? ` ('${card.name.slice(0, 100)}')` : '';
}
