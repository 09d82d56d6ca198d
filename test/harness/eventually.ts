export interface Patience {
  /** Milliseconds until it gives up. Default: one minute, for machines with much else to do. */
  within?: number;
  /** Milliseconds between two tries. Default: 25. */
  every?: number;
}

/**
 * Tries until `look` neither throws nor answers `false` or `null`, and returns what it answered. `undefined` passes, so
 * that expectations can be the body; to wait for something that may be absent write `?? null`.
 *
 * The failure shows what was seen last.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  patience: Patience = {},
): Promise<Exclude<T, false | null>> {
  const { within = 60_000, every = 25 } = patience;
  const deadline = Date.now() + within;
  let seen: { error: unknown } | { value: unknown };
  do {
    try {
      const value = await look();
      if (value !== false && value !== null) return value as Exclude<T, false | null>;
      seen = { value };
    } catch (error) {
      seen = { error };
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  } while (Date.now() < deadline);
  throw disappointment(seen, within);
}

function disappointment(seen: { error: unknown } | { value: unknown }, within: number): Error {
  if (!('error' in seen)) return new Error(`still ${JSON.stringify(seen.value)} after ${within} ms`);
  const text = seen.error instanceof Error ? seen.error.message : String(seen.error);
  return new Error(`not within ${within} ms; seen last: ${text}`, { cause: seen.error });
}
