import { type Histogram, Metrics } from '../../kit/index.js';
import { Tracing } from '../../machinery/observability/tracing/tracing.js';
import type { TargetCall } from '../target-call.js';

/** Calls of engines and agents outside this process, timed and traced. */
export class RemoteCalls {
  private readonly duration: Histogram;

  constructor(
    metrics: Metrics,
    private readonly tracing: Tracing,
  ) {
    this.duration = metrics.histogram({
      name: 'ark_a2a_call_duration_seconds',
      help: 'Calls of engines and agents elsewhere over A2A, until their answer, by outcome: ok or error.',
      labels: ['outcome'],
    });
  }

  async observe<T>({ target }: TargetCall, address: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let outcome = 'error';
    const attributes = {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': target.name,
      'server.address': URL.parse(address)?.hostname ?? '',
    };
    try {
      const answer = await this.tracing.span(`invoke_agent ${target.name}`, work, attributes, 'client');
      outcome = 'ok';
      return answer;
    } finally {
      this.duration.observe((performance.now() - started) / 1000, { outcome });
    }
  }
}
