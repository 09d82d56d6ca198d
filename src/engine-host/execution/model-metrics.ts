import type { AgentConfig, Counter, Histogram, Metrics, TokenUsage } from '../../kit/index.js';

/** What agents spend on models, and how fast those answer. */
export class ModelMetrics {
  private readonly tokens: Counter;
  private readonly calls: Histogram;

  constructor(metrics: Metrics) {
    this.tokens = metrics.counter({
      name: 'ark_tokens_total',
      help: 'Tokens that engines of this process report, by agent, model and type: input or output.',
      labels: ['namespace', 'agent', 'model', 'type'],
    });
    this.calls = metrics.histogram({
      name: 'ark_model_call_duration_seconds',
      help: 'Completions until their last piece, by provider, model and outcome: ok or error.',
      labels: ['provider', 'model', 'outcome'],
    });
  }

  spent({ namespace, name, model }: AgentConfig, { promptTokens, completionTokens }: TokenUsage): void {
    const labels = { namespace, agent: name, model: model?.id ?? '' };
    // What an engine reports was not checked to be a count.
    if (promptTokens > 0) this.tokens.add({ ...labels, type: 'input' }, promptTokens);
    if (completionTokens > 0) this.tokens.add({ ...labels, type: 'output' }, completionTokens);
  }

  called(provider: string, model: string, outcome: 'ok' | 'error', seconds: number): void {
    this.calls.observe(seconds, { provider, model, outcome });
  }
}
