import { Injectable, Optional } from '@nestjs/common';
import {
  type AgentConfig,
  invalid,
  keyText,
  type ModelClient,
  ModelProviders,
  notFound,
  type ObjectKey,
} from '../../kit/index.js';
import { Settings } from '../../machinery/settings/settings.js';
import type { Agent } from '../../resources/agent/agent.resource.js';
import { effectiveProvider, Model } from '../../resources/model/model.resource.js';
import type { ProviderConfig } from '../../resources/model/model-config.js';
import { type ModelPrices, readPrices } from '../../resources/model/model-prices.js';
import { ModelSettings } from '../../resources/model/model-settings.js';
import type { Query } from '../../resources/query/query.resource.js';
import { mergeHeaders, resolveHeaders } from '../../resources/values/resolve-headers.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import { Objects } from '../../runtime/objects.js';
import { overrideHeaders } from './overrides.js';

interface Askers {
  agent?: Agent;
  query: Query;
}

/** A Model as others may see it. */
export interface DescribedModel {
  model?: AgentConfig['model'];
  /** Absent: its annotations tell none that can be read. */
  prices?: ModelPrices;
}

/** Turns a Model object into what engines see of it, and into a client that is ready to use. */
@Injectable()
export class ModelResolver {
  constructor(
    private readonly objects: Objects,
    private readonly providers: ModelProviders,
    @Optional() private readonly settings?: Settings,
  ) {}

  /** What an engine may know of the model without its keys, and its prices; nothing when the object does not exist. */
  async describe(key: ObjectKey, query: Query, objects: Objects): Promise<DescribedModel> {
    const model = await objects.get(Model, key);
    if (!model) return {};
    const id = await new ModelSettings(model, objects, query).text(model.spec.model, 'spec.model');
    const provider = effectiveProvider(model.spec) ?? 'unknown';
    const { prices } = readPrices(model.metadata.annotations);
    return { model: { name: key.name, namespace: key.namespace ?? '', provider, id: id ?? '' }, prices };
  }

  /** A client with keys and headers applied. Reads Secrets at every call, so that a rotated key counts at once. */
  async open(key: ObjectKey | undefined, askers: Askers, wantedBy: string): Promise<ModelClient> {
    if (!key) throw notFound(`${wantedBy} has no model: write spec.modelRef.name`);
    const objects = await this.objects.seenBy(askers.query);
    const model = await objects.need(Model, key, wantedBy);
    const name = effectiveProvider(model.spec);
    const provider = name === undefined ? undefined : this.providers.get(name);
    if (name === undefined || !provider) {
      const installed = this.providers.names().join(', ') || 'none';
      throw invalid(`model '${keyText(key)}': no model provider '${name ?? ''}'; installed: ${installed}`);
    }
    const block = (model.spec.config?.[name] ?? {}) as ProviderConfig & Record<string, unknown>;
    const taken = new TakenSecrets(objects);
    const settings = new ModelSettings(model, taken, askers.query);
    const namespace = key.namespace ?? '';
    const own = await resolveHeaders(block.headers, namespace, taken, askers.query);
    return provider.open({
      name: key.name,
      namespace,
      // Engines are told the model's name, wherever it comes from.
      model: (await new ModelSettings(model, objects, askers.query).text(model.spec.model, 'spec.model')) ?? '',
      settings: await settings.settings(block),
      properties: await settings.properties(block.properties),
      headers: mergeHeaders(own, await overrideHeaders('model', model, askers, taken)),
      secrets: taken.texts,
      egress: { loopback: this.settings?.kubernetes !== 'in-cluster' },
    });
  }
}
