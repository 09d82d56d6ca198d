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
 * Bounds V8's space for young objects, and returns the way to tell that the house is loaded.
 *
 * Until then the space keeps its first size: while modules and stored objects are loaded nearly everything that is
 * allocated stays, which V8 takes for a busy program, and an idle process gives nothing back.
 */
export function boundYoungHeap(env: NodeJS.ProcessEnv, execArgv = process.execArgv): () => void {
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
