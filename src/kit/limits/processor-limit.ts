import { constants, createContext, Script } from 'node:vm';

/** A wait on the wall for the last try: a machine may be so busy that little of it is ours. */
const LONGEST_FACTOR = 32;

/** Milliseconds that this thread has had of a processor. */
function ownTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/**
 * Runs work that others wrote the rules for, such as regular expressions and CEL, and ends it when it takes too long.
 * Nothing else runs in the thread meanwhile, and some expressions take for ever on a text that nearly matches.
 *
 * The work must be synchronous, and may be cut anywhere: it must change nothing. The time is the thread's own: work that
 * was only waiting for a processor is tried again. One call costs some 0.1 ms.
 *
 * @example new ProcessorLimit(100).run(() => /^(a+)+$/.test(text)) // undefined after 100 ms
 */
export class ProcessorLimit {
  private script?: Script;
  private context?: { work?: () => unknown };

  /** @param limitMs of the processor, for one call */
  constructor(readonly limitMs: number) {}

  /** What the work gives; undefined when it took too long. Whatever it throws is thrown. */
  run<T>(work: () => T, spent = ownTime): T | undefined {
    for (let timeout = this.limitMs; ; timeout *= 2) {
      const before = spent();
      try {
        return this.once(work, timeout);
      } catch (error) {
        if ((error as { code?: unknown } | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        if (spent() - before >= this.limitMs * 0.9 || timeout >= this.limitMs * LONGEST_FACTOR) return undefined;
      }
    }
  }

  /** Node stops scripts only, so a script calls the work. */
  private once<T>(work: () => T, timeout: number): T {
    this.script ??= new Script('work()');
    this.context ??= createContext(constants.DONT_CONTEXTIFY) as { work?: () => unknown };
    const outer = this.context.work;
    this.context.work = work;
    try {
      return this.script.runInContext(this.context, { timeout }) as T;
    } finally {
      this.context.work = outer;
    }
  }
}
