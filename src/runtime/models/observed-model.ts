import type { CompletionRequest, ModelClient, ModelEvent, TokenUsage } from '../../kit/index.js';
import { failureType, type Tracing } from '../../machinery/observability/tracing/tracing.js';
import { type ModelPrices, priced } from '../../resources/model/model-prices.js';
import type { ModelMetrics } from './model-metrics.js';
import { chatAttributes, chatUsageAttributes, contentAttributes } from './model-spans.js';

/** Where completions are seen, and at what price. */
export interface Observation {
  /** Who answers for the model, e.g. `openai`. */
  provider: string;
  /** Absent: not known. */
  prices?: ModelPrices;
  metrics: ModelMetrics;
  tracing: Tracing;
  /** Hears of the tokens of each completion, with their cost. */
  onUsage?(usage: TokenUsage): void;
}

/** A model whose completions are timed and traced, and whose tokens have their cost. */
export class ObservedModel implements ModelClient {
  constructor(
    private readonly client: ModelClient,
    private readonly observation: Observation,
  ) {}

  get config(): ModelClient['config'] {
    return this.client.config;
  }

  async *complete(request: CompletionRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void> {
    const { provider, prices, metrics, tracing, onUsage } = this.observation;
    const { model } = this.config;
    const started = performance.now();
    const span = tracing.open(`chat ${model}`, chatAttributes(provider, model), 'client');
    let failure: string | undefined = 'Stopped';
    let said = '';
    try {
      for await (const event of this.client.complete(request, signal)) {
        if (event.type === 'text' && tracing.withContent) said += event.text;
        if (event.type !== 'usage') {
          yield event;
          continue;
        }
        const usage = priced(event.usage, prices);
        span.set(chatUsageAttributes(usage));
        onUsage?.(usage);
        yield { type: 'usage', usage };
      }
      failure = undefined;
    } catch (error) {
      failure = failureType(error);
      throw error;
    } finally {
      if (tracing.withContent) span.set(contentAttributes(request.messages, said));
      span.end(failure);
      metrics.called(provider, model, failure === undefined ? 'ok' : 'error', (performance.now() - started) / 1000);
    }
  }
}
