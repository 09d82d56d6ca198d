import { setTimeout as pause } from 'node:timers/promises';
import { ArkError } from '../kit/index.js';

/** A server that is restarted, or gives its place to a standby, is back by then. */
const PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Waits for a database server that went away. The work is told whether it was tried before: what it wrote then may be
 * there, although the answer was lost.
 *
 * @throws the last failure when the server stays away, any other failure at once
 */
export async function waitingForServer<T>(work: (again: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
  const since = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return await work(tries > 0);
    } catch (error) {
      const isAway = error instanceof ArkError && error.family === 'Unavailable';
      if (!isAway || signal.aborted || performance.now() - since > PATIENCE_MS) throw error;
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS));
  }
}
