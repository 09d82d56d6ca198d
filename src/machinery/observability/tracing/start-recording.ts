import type { Logger } from '../../../kit/index.js';
import { readOtelSettings } from './otel-settings.js';
import type { Tracing } from './tracing.js';

/** Records spans if the environment asks for it. The SDK is loaded only then. */
export async function startRecording(
  tracing: Tracing,
  { env, version, logger }: { env: NodeJS.ProcessEnv; version: string; logger: Logger },
): Promise<void> {
  const settings = readOtelSettings(env);
  if (!settings) return;
  const { OtelRecorder } = await import('./otel-recorder.js');
  tracing.recordTo(new OtelRecorder(settings, version, logger));
}
