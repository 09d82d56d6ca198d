import { timeout } from '../../kit/index.js';
import type { ResolvedModel } from '../../resources/model/resolved-model.js';
import { within } from '../within.js';

/**
 * Proves that a model answers: the provider's own probe, else one completion of one word.
 * Throws what the provider throws, or `Timeout` when it takes too long, whether it listens to its signal or not.
 */
export async function probeModel(
  { provider, config }: ResolvedModel,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<void> {
  const late = timeout(`the model did not answer its probe within ${timeoutMs / 1000} seconds`);
  await within(timeoutMs, late, stopping, (signal) => ask({ provider, config }, signal));
}

async function ask({ provider, config }: ResolvedModel, signal: AbortSignal): Promise<void> {
  if (provider.probe) return provider.probe(config, signal);
  const request = { messages: [{ role: 'user' as const, content: 'test' }] };
  for await (const _event of provider.open(config).complete(request, signal)) return;
}
