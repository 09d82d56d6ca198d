import { boundHeap } from './heap-bounds.js';
import { createLogger } from './machinery/observability/create-logger.js';
import { startRecording } from './machinery/observability/tracing/start-recording.js';
import { Tracing } from './machinery/observability/tracing/tracing.js';
import { readSettings } from './machinery/settings/read-settings.js';
import type { SettingOverrides } from './machinery/settings/settings.js';
import { VERSION } from './version.js';

/** What a stop may take besides the wait for answers: longer than the controllers may. */
const REST_OF_STOP_MS = 8_000;
/** A supervisor waits some seconds only; with the API server inside there are no others to wait for. */
const SHORT_WAIT_MS = 1_000;

/** Runs the runtime in this process until SIGTERM or SIGINT. Settings come from `overrides`, then the environment. */
export async function start(overrides: SettingOverrides = {}): Promise<void> {
  const settings = readSettings(process.env, overrides);
  const tracing = new Tracing();
  const logger = createLogger(settings.logLevel, process.stdout, () => tracing.facts());
  await startRecording(tracing, { env: process.env, version: VERSION, logger });
  const letHeapGrow = boundHeap(process.env);
  // The whole house is loaded here and not above: most of the young objects come from that.
  const { RuntimeProcess } = await import('./runtime-process.js');
  const runtime = await RuntimeProcess.start(settings, logger, tracing);
  letHeapGrow();
  const signal = await new Promise<NodeJS.Signals>((received) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, received);
  });
  logger.info({ signal }, 'Stopping');
  const waitMs = settings.kubernetes === 'embedded' ? SHORT_WAIT_MS : settings.shutdownTimeoutMs;
  setTimeout(() => process.exit(1), waitMs + REST_OF_STOP_MS).unref();
  await runtime.stop();
  await tracing.close();
  process.exit(0);
}
