import type { Counter, Histogram, Metrics, TokenUsage } from '../../kit/index.js';

/** On whose account tokens are spent. */
export interface Spender {
  namespace: string;
  /** The agent's name; the model's own where no agent asks; `evaluator/NAME` for an evaluator. */
  agent: string;
  /** The provider's name for the model; empty text where it is not known. */
  model: string;
}

/** What agents spend on models, and how fast those answer. */
export class ModelMetrics {
  private readonly tokens: Counter;
  private readonly costs: Counter;
  private readonly calls: Histogram;

  constructor(metrics: Metrics) {
    this.tokens = metrics.counter({
      name: 'ark_tokens_total',
      help: 'Tokens spent, by agent, model and type: input or output.',
      labels: ['namespace', 'agent', 'model', 'type'],
    });
    this.costs = metrics.counter({
      name: 'ark_model_cost_total',
      help: 'What they cost by the prices in the annotations of Models, by agent, model and currency.',
      labels: ['namespace', 'agent', 'model', 'currency'],
    });
    this.calls = metrics.histogram({
      name: 'ark_model_call_duration_seconds',
      help: 'Completions until their last piece, by provider, model and outcome: ok or error.',
      labels: ['provider', 'model', 'outcome'],
    });
  }

  spent({ namespace, agent, model }: Spender, { promptTokens, completionTokens, cost = [] }: TokenUsage): void {
    const labels = { namespace, agent, model };
    if (promptTokens > 0) this.tokens.add({ ...labels, type: 'input' }, promptTokens);
    if (completionTokens > 0) this.tokens.add({ ...labels, type: 'output' }, completionTokens);
    for (const { currency, amount } of cost) this.costs.add({ ...labels, currency }, amount);
  }

  called(provider: string, model: string, outcome: 'ok' | 'error', seconds: number): void {
    this.calls.observe(seconds, { provider, model, outcome });
  }
}
