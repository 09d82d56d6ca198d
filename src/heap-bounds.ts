import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Room for young objects, both halves of it. V8 would take 128 MiB under load and keep it until nothing has happened
 * for a minute; with a quarter of that a Query costs the same processor time.
 */
const MOST_BYTES = 32 * 1024 * 1024;
/** V8's flags for the size of the space. Who sets one decides about it. */
const OWN_CHOICE = /semi[-_]space/;

/**
 * Bounds what V8 takes beyond what it has to hold, and returns the way to tell that the house is loaded.
 *
 * - The heap may double before it is collected; on a big machine V8 would let it grow to four times its size.
 * - The space for young objects is bounded, and until the house is loaded keeps its first size: nearly everything that
 *   is allocated while modules and stored objects are loaded stays, which V8 takes for a busy program.
 */
export function boundHeap(env: NodeJS.ProcessEnv, execArgv = process.execArgv): () => void {
  setFlagsFromString('--heap-growing-percent=100');
  if (OWN_CHOICE.test([env.NODE_OPTIONS, ...execArgv].join(' '))) return () => undefined;
  grow(false);
  return () => {
    let growing = true;
    grow(growing);
    // The size changes in a collection only. V8 reads its flag for the largest size at its own start, this one always.
    const collected = new PerformanceObserver(() => {
      const wanted = youngBytes() < MOST_BYTES;
      if (wanted !== growing) grow(wanted);
      growing = wanted;
    });
    collected.observe({ entryTypes: ['gc'] });
  };
}

function grow(allowed: boolean): void {
  // 2 is V8's default.
  setFlagsFromString(`--semi-space-growth-factor=${allowed ? 2 : 1}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
