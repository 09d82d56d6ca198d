import { timeout } from '../../kit/index.js';
import type { ResolvedModel } from '../../resources/model/resolved-model.js';

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
  const limit = new AbortController();
  const abort = () => limit.abort(stopping.reason);
  stopping.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => limit.abort(late), timeoutMs);
  const aborted = new Promise<never>((_resolve, reject) => {
    limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
  });
  try {
    await Promise.race([ask({ provider, config }, limit.signal), aborted]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', abort);
    aborted.catch(() => undefined);
  }
}

async function ask({ provider, config }: ResolvedModel, signal: AbortSignal): Promise<void> {
  if (provider.probe) return provider.probe(config, signal);
  const request = { messages: [{ role: 'user' as const, content: 'test' }] };
  for await (const _event of provider.open(config).complete(request, signal)) return;
}
