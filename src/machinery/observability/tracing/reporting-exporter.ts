import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../../../kit/index.js';

type Done = Parameters<SpanExporter['export']>[1];

/** Says when a collector does not take spans, and when it does again; the SDK itself is silent about it. */
export class ReportingExporter implements SpanExporter {
  private failing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: Done): void {
    this.exporter.export(spans, (result) => {
      const failed = result.code !== 0;
      if (failed && !this.failing) {
        this.logger.warn(
          { problem: result.error?.message },
          'The collector does not take traces: they are lost meanwhile',
        );
      } else if (!failed && this.failing) this.logger.info({}, 'The collector takes traces again');
      this.failing = failed;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }
}
