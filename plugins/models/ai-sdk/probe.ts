import { ArkError } from 'nest-ark';
import type { SdkModel } from './sdk-model.js';

/** Whether the provider knows the model; undefined when it does not tell. */
export type Listed = (signal: AbortSignal) => Promise<boolean | undefined>;

/**
 * Proves that a model answers, for nothing where the vendor lists its models.
 *
 * Where listing is refused, or the list lacks the model (aliases, gateways with patterns), its first piece of an answer
 * decides; the rest is not waited for.
 */
export async function probe(listed: Listed, model: SdkModel, signal: AbortSignal): Promise<void> {
  if (await isListed(listed, model, signal)) return;
  const request = { messages: [{ role: 'user' as const, content: 'Hi' }] };
  for await (const _event of model.complete(request, signal)) return;
}

/** A provider that is down or silent is not asked twice. */
async function isListed(listed: Listed, model: SdkModel, signal: AbortSignal): Promise<boolean | undefined> {
  const patience = model.patience(signal);
  try {
    return await listed(patience.signal);
  } catch (error) {
    patience.signal.throwIfAborted();
    if (error instanceof ArkError && error.family !== 'Unavailable') return false;
    throw error;
  } finally {
    patience.end();
  }
}
