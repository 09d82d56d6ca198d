import { ArkError } from '../../kit/index.js';

interface Reply {
  header(name: string, value: string): unknown;
}

/** Tells a refused caller when to ask again, where the error knows: an `ArkError`, or any other that names seconds. */
export function tellWhenToAskAgain(error: unknown, reply: Reply): void {
  const seconds = secondsOf(error);
  if (seconds !== undefined) void reply.header('retry-after', String(seconds));
}

function secondsOf(error: unknown): number | undefined {
  if (error instanceof ArkError)
    return error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000);
  const seconds = (error as { retryAfterSeconds?: unknown } | null)?.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds : undefined;
}
