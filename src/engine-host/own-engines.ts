import { Injectable } from '@nestjs/common';
import { PUBLISHED_BY, PUBLISHER } from '../dispatch/published-by.js';
import { Engines, type InstalledEngine, invalid, notFound } from '../kit/index.js';
import type { Agent } from '../resources/agent/agent.resource.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { A2A_ENGINE, COMPLETIONS_ENGINE } from '../resources/labels.js';
import { Objects } from '../runtime/objects.js';
import { OwnAddress } from './own-address.js';

/** Finds the engine of this process that runs an agent on behalf of another one. */
@Injectable()
export class OwnEngines {
  constructor(
    private readonly engines: Engines,
    private readonly objects: Objects,
    private readonly address: OwnAddress,
  ) {}

  /** @throws `Invalid` for an agent that runs elsewhere, `NotFound` when its engine is not installed */
  async forAgent({ metadata, spec }: Agent): Promise<InstalledEngine> {
    const { namespace = '' } = metadata;
    const name = spec.executionEngine?.name ?? COMPLETIONS_ENGINE;
    const who = `agent '${namespace}/${metadata.name}'`;
    const elsewhere = { namespace: spec.executionEngine?.namespace || namespace, name };
    const object = spec.executionEngine && (await this.objects.get(ExecutionEngine, elsewhere));
    if (name === A2A_ENGINE || (object && !this.isOwn(object))) {
      throw invalid(
        `${who} runs on engine '${name}' outside this process, and such an agent cannot be asked by another one yet`,
      );
    }
    const installed = this.engines.get(name);
    if (installed) return installed;
    throw notFound(`${who}: no engine '${name}' is installed; installed: ${this.engines.names().join(', ') || 'none'}`);
  }

  private isOwn({ metadata, status }: ExecutionEngine): boolean {
    if (metadata.annotations?.[PUBLISHED_BY] === PUBLISHER) return true;
    const base = this.address.baseUrl();
    return Boolean(base) && (status?.lastResolvedAddress ?? '').startsWith(`${base}/engines/`);
  }
}
