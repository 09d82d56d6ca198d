import { Injectable } from '@nestjs/common';
import { type DescribedModel, ModelResolver } from '../engine-host/resolve/model-resolver.js';
import { ArkError, Metrics, type ObjectKey } from '../kit/index.js';
import type { QueryOutcome } from '../reconcilers/query/query-dispatcher.js';
import { Agent } from '../resources/agent/agent.resource.js';
import { effectiveModel } from '../resources/agent/effective-model.js';
import { priced } from '../resources/model/model-prices.js';
import type { Query } from '../resources/query/query.resource.js';
import { ModelMetrics } from '../runtime/models/model-metrics.js';
import { Objects } from '../runtime/objects.js';

/**
 * Counts the tokens that engines outside this process tell of, at the price of the agent's Model. One that tells their
 * cost, too, has counted them itself.
 */
@Injectable()
export class SpendingElsewhere {
  private readonly metrics: ModelMetrics;

  constructor(
    private readonly objects: Objects,
    private readonly models: ModelResolver,
    metrics: Metrics,
  ) {
    this.metrics = new ModelMetrics(metrics);
  }

  /** @returns the answer, its tokens with their cost */
  async counted(outcome: QueryOutcome, query: Query): Promise<QueryOutcome> {
    if (!outcome.tokenUsage || outcome.tokenUsage.cost) return outcome;
    const { namespace = '' } = query.metadata;
    const { model, prices } = await this.modelOf(outcome.target, query);
    const tokenUsage = priced(outcome.tokenUsage, prices);
    this.metrics.spent({ namespace, agent: outcome.target.name, model: model?.id ?? '' }, tokenUsage);
    return { ...outcome, tokenUsage };
  }

  /** Nothing where it cannot be read: the answer is there, and must not be lost for its price. */
  private async modelOf(target: QueryOutcome['target'], query: Query): Promise<DescribedModel> {
    try {
      const objects = await this.objects.seenBy(query);
      const key = await modelKey(target, query, objects);
      return key ? await this.models.describe(key, query, objects) : {};
    } catch (error) {
      if (error instanceof ArkError) return {};
      throw error;
    }
  }
}

async function modelKey(
  { type, name }: QueryOutcome['target'],
  { metadata: { namespace } }: Query,
  objects: Objects,
): Promise<ObjectKey | undefined> {
  if (type === 'model') return { namespace, name };
  if (type !== 'agent') return undefined;
  const agent = await objects.get(Agent, { namespace, name });
  return agent && effectiveModel(agent);
}
