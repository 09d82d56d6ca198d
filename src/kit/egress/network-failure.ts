/**
 * Whether `fetch` failed on the wire, before an answer (`fetch failed`) or within it (`terminated`): it says so with a
 * `TypeError` that has a cause. One without is a bug of who called. By name: callers may live in realms of their own.
 */
export function isNetworkFailure(error: unknown): boolean {
  const { name, cause, code } = (error ?? {}) as { name?: unknown; cause?: unknown; code?: unknown };
  return (name === 'TypeError' && cause !== undefined) || (typeof code === 'string' && code.startsWith('UND_ERR'));
}
