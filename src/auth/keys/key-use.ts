import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { ApiKeys } from '../../storage/api-keys.js';
import { Storage } from '../../storage/storage.js';

const GATHER_MS = 30_000;

/** Notes when keys were used last, in one write for many uses. */
@Injectable()
export class KeyUse implements OnModuleDestroy {
  private readonly used = new Map<string, number>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly keys: ApiKeys,
    private readonly logger: RootLogger,
    storage: Storage,
  ) {
    storage.beforeClose(() => this.write());
  }

  note(publicKey: string): void {
    this.used.set(publicKey, Date.now());
    this.timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  /** Also before a list is shown. A failure costs a time on a list, no more. */
  async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const used = [...this.used];
    this.used.clear();
    if (used.length === 0) return;
    await this.keys.used(used).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'When API keys were used last could not be noted');
    });
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }
}
