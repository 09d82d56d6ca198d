import { createLogger } from './machinery/observability/create-logger.js';
import { readSettings } from './machinery/settings/read-settings.js';
import type { SettingOverrides } from './machinery/settings/settings.js';
import { keepYoungHeapSmall } from './young-heap.js';

/** Longer than the controllers may take, shorter than a supervisor waits. */
const STOP_WITHIN_MS = 9_000;

/** Runs the runtime in this process until SIGTERM or SIGINT. Settings come from `overrides`, then the environment. */
export async function start(overrides: SettingOverrides = {}): Promise<void> {
  const settings = readSettings(process.env, overrides);
  const logger = createLogger(settings.logLevel);
  const letYoungHeapGrow = keepYoungHeapSmall();
  // The whole house is loaded here and not above: most of the young objects come from that.
  const { RuntimeProcess } = await import('./runtime-process.js');
  const runtime = await RuntimeProcess.start(settings, logger);
  letYoungHeapGrow();
  const signal = await new Promise<NodeJS.Signals>((received) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, received);
  });
  logger.info({ signal }, 'Stopping');
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  await runtime.stop();
  process.exit(0);
}
