import { runInThisContext } from 'node:vm';

/** What one match may take of the processor. */
export const MATCH_MS = 100;
/** Time on the wall for the last try: a machine may be so busy that little of it is ours. */
const LONGEST_MS = 3_200;

/** Milliseconds that this thread has had of a processor. */
const ownTime = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/**
 * Whether an expression matches; undefined when that takes too long. Nested repetitions can take for ever on a text that
 * nearly matches, and nothing else runs meanwhile.
 *
 * The time is the thread's own: a match that was only waiting for a processor is tried again.
 */
export function matchWithin({ source, flags }: RegExp, said: string, spent = ownTime): boolean | undefined {
  const [pattern, mode, text] = [source, flags, said].map((part) => JSON.stringify(part));
  for (let timeout = MATCH_MS; ; timeout *= 2) {
    const before = spent();
    try {
      return runInThisContext(`new RegExp(${pattern}, ${mode}).test(${text})`, { timeout }) as boolean;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      if (spent() - before >= MATCH_MS * 0.9 || timeout >= LONGEST_MS) return undefined;
    }
  }
}
