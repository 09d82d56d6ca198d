/** The value below which `share` (0..1) of the samples lie. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (samples) => percentile(samples, 0.5);

export const round = (value, digits = 1) => Number(value.toFixed(digits));

/** Times one asynchronous call, in milliseconds. */
export async function timed(call) {
  const start = performance.now();
  const result = await call();
  return { ms: performance.now() - start, result };
}

/** Runs `call(index)` for 0..count-1 with at most `width` at once. */
export async function inParallel(count, width, call) {
  let next = 0;
  const lane = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
