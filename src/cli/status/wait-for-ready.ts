import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from '../../kit/errors/ark-error.js';
import { CommandFailure, ExitCode } from '../exit-code.js';
import type { Report } from './report.js';

const LOOK_EVERY_MS = 250;
/** What a runtime that is starting looks like from outside. */
const PASSING = new Set(['NoCluster', 'ApiServerUnreachable', 'ServiceUnavailable']);

/** Looks until the runtime is ready; where its address is unknown, until the API server answers. */
export async function waitForReady(look: () => Promise<Report>, limitMs: number): Promise<Report> {
  let seen = 'nothing was seen yet';
  for (const deadline = Date.now() + limitMs; ; await delay(LOOK_EVERY_MS)) {
    try {
      const report = await look();
      // An embedded runtime writes its addresses when it listens; without them it is still starting.
      if (report.runtime ? report.runtime.ready : !report.dataDir) return report;
      seen = report.runtime?.detail ?? 'its address is not known yet';
    } catch (error) {
      if (!PASSING.has((error as { reason?: string }).reason ?? '')) throw error;
      seen = errorText(error);
    }
    if (Date.now() >= deadline) {
      const text = `The runtime is not ready after ${Math.round(limitMs / 1000)} s. Seen last: ${seen}`;
      throw new CommandFailure(ExitCode.timeout, text, 'NotReady');
    }
  }
}
