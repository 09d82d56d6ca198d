import { Injectable } from '@nestjs/common';
import { OwnAddress } from '../engine-host/own-address.js';
import { Engines, type InstalledEngine, notFound, unavailable } from '../kit/index.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { ExecutionEngine } from '../resources/execution-engine/execution-engine.resource.js';
import { resolveAddress } from '../resources/execution-engine/resolve-address.js';
import { A2A_ENGINE, COMPLETIONS_ENGINE, COMPLETIONS_ENGINE_OVERRIDE } from '../resources/labels.js';
import type { QueryTarget } from '../resources/shared/reference.js';
import { isShownWhole } from '../resources/values/address.js';
import { resolveHeaders } from '../resources/values/resolve-headers.js';
import { named } from '../resources/values/resolve-parameters.js';
import { TakenSecrets } from '../resources/values/taken-secrets.js';
import { Objects } from '../runtime/objects.js';
import type { SentHeaders } from './foreign/with-headers.js';
import { PUBLISHED_BY, PUBLISHER } from './published-by.js';

/** Who answers a target: an engine of this process, one at an address, or the A2A server that an agent lives on. */
export type ChosenEngine =
  | { name: string; own: InstalledEngine }
  | { name: string; address: string; sent?: SentHeaders }
  | { name: string; hosted: Agent };

/**
 * Finds the engine for a target. An ExecutionEngine object of the name wins, unless it is this process's own; else an
 * engine installed here answers, from any namespace.
 */
@Injectable()
export class EngineChoice {
  constructor(
    private readonly objects: Objects,
    private readonly engines: Engines,
    private readonly address: OwnAddress,
  ) {}

  /** @throws `Invalid`, `NotFound`, `Unavailable` saying which engine is meant and what to do */
  async choose(target: QueryTarget, namespace: string): Promise<ChosenEngine> {
    if (target.type !== 'agent') return this.defaultEngine(namespace);
    const agent = await this.objects.get(Agent, { namespace, name: target.name });
    const wanted = agent?.spec.executionEngine;
    // An agent that does not exist goes to the default engine, which says so.
    if (!wanted) return this.defaultEngine(namespace);
    if (wanted.name === A2A_ENGINE) return { name: A2A_ENGINE, hosted: agent };
    return this.namedEngine(wanted.name, wanted.namespace || namespace);
  }

  private async namedEngine(name: string, namespace: string): Promise<ChosenEngine> {
    const own = this.engines.get(name);
    const key = { namespace, name };
    const object = await (own ? this.objects.seldom(ExecutionEngine, key) : this.objects.get(ExecutionEngine, key));
    if (!object) {
      if (own) return { name, own };
      const installed = this.engines.names().join(', ') || 'none';
      throw notFound(
        `ExecutionEngine '${namespace}/${name}' does not exist and no engine '${name}' is installed; ` +
          `installed: ${installed}`,
      );
    }
    if (own && object.metadata.annotations?.[PUBLISHED_BY] === PUBLISHER) return { name, own };
    const { phase, lastResolvedAddress, message } = object.status ?? {};
    if (phase === 'error' && !lastResolvedAddress)
      throw unavailable(`ExecutionEngine '${namespace}/${name}' has no address: ${message}`);
    return this.at(object);
  }

  private async defaultEngine(namespace: string): Promise<ChosenEngine> {
    const name = COMPLETIONS_ENGINE_OVERRIDE;
    const override = await this.objects.seldom(ExecutionEngine, { namespace, name });
    if (override?.status?.phase === 'ready' && override.status.lastResolvedAddress) return this.at(override);
    const own = this.engines.get(COMPLETIONS_ENGINE);
    if (own) return { name: COMPLETIONS_ENGINE, own };
    throw notFound(`no engine '${COMPLETIONS_ENGINE}' is installed, which answers where no engine is named`);
  }

  /**
   * Read at every call, so that a rotated token counts at once; but for an address that the status shows whole. An
   * engine that was applied with its Query may have no status yet.
   */
  private async at(engine: ExecutionEngine): Promise<ChosenEngine> {
    const { metadata, spec, status } = engine;
    const { namespace = '', name } = metadata;
    const who = `ExecutionEngine '${namespace}/${name}'`;
    const taken = new TakenSecrets(this.objects);
    const shown = status?.lastResolvedAddress ?? '';
    const address =
      shown && isShownWhole(spec.address, shown)
        ? shown
        : await named(`${who}, spec.address`, () => resolveAddress(engine, taken));
    const own = this.ownAt(address);
    if (own) return own;
    const headers = await named(`${who}, spec.headers`, () => resolveHeaders(spec.headers, namespace, taken));
    const sent = { headers, secrets: taken.texts };
    return { name, address, ...(spec.headers?.length || sent.secrets.length > 0 ? { sent } : {}) };
  }

  /** The engine of this process behind one of its own addresses: no reason to go through the network. */
  private ownAt(address: string): ChosenEngine | undefined {
    const base = this.address.baseUrl();
    const mount = `${base}/engines/`;
    if (!base || !address.startsWith(mount)) return undefined;
    const name = address.slice(mount.length).replace(/\/+$/, '');
    const own = this.engines.get(name);
    return own && { name, own };
  }
}
