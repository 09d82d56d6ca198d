import { createHash } from 'node:crypto';
import type { ModelConfig } from '../../kit/index.js';
import type { Model } from '../../resources/model/model.resource.js';

interface Probe {
  /** Of everything that was asked with; a digest, because it holds keys. */
  fingerprint: string;
  dueAt: number;
}

/**
 * When each model that was asked is to be asked again. Without it every status write and every unrelated change would
 * ask, and a question may cost money.
 */
export class ProbeTimes {
  private readonly probes = new Map<string, Probe>();

  /** Milliseconds until the model is to be asked; 0 when it was never asked like this. */
  dueIn(model: Model, config: ModelConfig, now: Date): number {
    const probe = this.probes.get(model.metadata.uid ?? '');
    if (!probe || probe.fingerprint !== fingerprint(model, config)) return 0;
    return Math.max(0, probe.dueAt - now.getTime());
  }

  /** The model was asked just now. Returns the milliseconds until the next time. */
  asked(model: Model, config: ModelConfig, intervalMs: number, now: Date): number {
    const dueAt = now.getTime() + intervalMs;
    this.probes.set(model.metadata.uid ?? '', { fingerprint: fingerprint(model, config), dueAt });
    return intervalMs;
  }

  forget(uid: string): void {
    this.probes.delete(uid);
  }
}

function fingerprint(model: Model, config: ModelConfig): string {
  return createHash('sha256')
    .update(JSON.stringify([model.metadata.generation, config]))
    .digest('base64');
}
