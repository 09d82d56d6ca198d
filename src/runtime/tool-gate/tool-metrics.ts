import type { Counter, Histogram, Metrics } from '../../kit/index.js';

/** Calls of tools that were let through the gate, by the type of the tool. */
export class ToolMetrics {
  private readonly calls: Counter;
  private readonly duration: Histogram;

  constructor(metrics: Metrics) {
    this.calls = metrics.counter({
      name: 'ark_tool_calls_total',
      help: 'Calls of tools that were carried out, by type of the tool and outcome: ok or error.',
      labels: ['type', 'outcome'],
    });
    this.duration = metrics.histogram({
      name: 'ark_tool_call_duration_seconds',
      help: 'How long tools took, by type of the tool.',
      labels: ['type'],
    });
  }

  called(type: string, outcome: 'ok' | 'error', seconds: number): void {
    this.calls.add({ type, outcome });
    this.duration.observe(seconds, { type });
  }
}
