import { ArkError, canceled, unavailable } from '../../kit/errors/ark-error.js';
import type { Call } from './call.js';
import type { Connection } from './connection.js';

/** The reason of what ended because its connection was closed on this side. */
export const CLOSED = 'ConnectionClosed';

export const closed = ({ server }: Connection) =>
  canceled(`the connection to ${server} was closed`, { reason: CLOSED });

/** An error of transport in words that name the server; one that is in words already stays as it is. */
export function failureOf(error: unknown, { verb, path, signal }: Call, { server, source }: Connection): unknown {
  if (signal?.aborted) return canceled(`${verb} ${path} was canceled`);
  // A request that is wrong in itself is a bug, not a server that is away.
  if (error instanceof ArkError || error instanceof TypeError) return error;
  return unavailable(`the API server ${server} (${source}) cannot be reached: ${deepest(error).message}`, {
    reason: 'ApiServerUnreachable',
    cause: error,
  });
}

/** Whether the connection went away under a request, so that nobody knows whether it was acted on. */
export const diedUnderway = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(deepest(error).code ?? '');

/** The first cause; shapes are looked at instead of classes, because an error may come from another realm. */
function deepest(error: unknown): NodeJS.ErrnoException {
  let inner = error as Error & { errors?: unknown[] };
  while (inner?.cause !== undefined) inner = inner.cause as typeof inner;
  // A host with several addresses fails with one error for each.
  return (inner?.errors?.[0] ?? inner) as NodeJS.ErrnoException;
}
