import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { errorText, resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { RootLogger } from '../../machinery/observability/root-logger.js';
import { Query } from '../../resources/query/query.resource.js';
import { PushDeliveries, type PushDelivery } from '../../storage/push-deliveries.js';
import { WholeAnswers } from '../tasks/whole-answers.js';
import { pushChange } from './push-change.js';
import { ANSWER_WITHIN_MS, PushConnection } from './push-connection.js';
import { pushBody, pushHeaders } from './push-message.js';
import { PushSignature } from './push-signature.js';

const MOST_AT_ONCE = 32;
const MOST_TRIES = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;
/** Longer than a try: what a process that died was telling is told by another one. */
const LEASE_MS = 3 * ANSWER_WITHIN_MS;
/** While something is open, another replica may have taken it and died. */
const LOOK_AGAIN_MS = 30_000;

/** Tells receivers what is due, again and again until they took it or it is too often. */
@Injectable()
export class PushCourier implements OnModuleDestroy {
  private readonly queries: Informer<Query>;
  private readonly stopped = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private looking = false;
  private again = false;

  constructor(
    private readonly deliveries: PushDeliveries,
    private readonly connection: PushConnection,
    private readonly signature: PushSignature,
    private readonly logger: RootLogger,
    private readonly answers: WholeAnswers,
    cache: ResourceCache,
  ) {
    this.queries = cache.informer<Query>(resourceType(Query));
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.timer);
    await Promise.all(this.underWay);
  }

  /** Something may be due. */
  wake(): void {
    this.again = true;
    if (!this.looking) void this.look();
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (this.again && !this.stopped.signal.aborted) {
      this.again = false;
      try {
        await this.round();
      } catch (error) {
        this.logger.warn({ err: error }, 'Push notifications wait for the database');
        this.sleep(LOOK_AGAIN_MS);
      }
    }
    this.looking = false;
  }

  private async round(): Promise<void> {
    const room = MOST_AT_ONCE - this.underWay.size;
    // Whoever comes back makes room and looks again.
    if (room === 0) return;
    for (const delivery of await this.deliveries.take(room, LEASE_MS)) {
      const way = this.tell(delivery).finally(() => {
        this.underWay.delete(way);
        this.wake();
      });
      this.underWay.add(way);
    }
    const next = await this.deliveries.nextAt();
    if (next !== undefined) this.sleep(Math.min(Math.max(next - Date.now(), 1), LOOK_AGAIN_MS));
  }

  private sleep(ms: number): void {
    clearTimeout(this.timer);
    if (!this.stopped.signal.aborted) this.timer = setTimeout(() => this.wake(), ms).unref();
  }

  private async tell(delivery: PushDelivery): Promise<void> {
    const { namespace, task: name, config, change } = delivery;
    const facts = { task: name, receiver: URL.canParse(config.url) ? new URL(config.url).host : '' };
    try {
      const query = this.queries.get({ namespace, name });
      // What came after it is told by itself.
      if (query && pushChange(query) === change) await this.post(query, delivery);
      await this.deliveries.finish(delivery);
    } catch (error) {
      await this.failed(delivery, error).catch((failure: unknown) => {
        this.logger.warn({ ...facts, err: failure }, 'A push notification is tried again when its lease is over');
      });
      if (delivery.tries >= MOST_TRIES) {
        this.logger.warn({ ...facts, tries: delivery.tries, error: errorText(error) }, 'A receiver was not told');
      }
    }
  }

  private async post(query: Query, { config }: PushDelivery): Promise<void> {
    const { body, contentType } = pushBody(await this.answers.in(query), config);
    const signature = await this.signature.sign(body, config.url);
    await this.connection.post(config.url, pushHeaders(config, contentType, signature), body, this.stopped.signal);
  }

  private failed(delivery: PushDelivery, error: unknown): Promise<void> {
    if (this.stopped.signal.aborted) return this.deliveries.postpone(delivery, Date.now());
    this.logger.debug({ task: delivery.task, error: errorText(error) }, 'A receiver did not take a push notification');
    if (delivery.tries >= MOST_TRIES) return this.deliveries.finish(delivery);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (delivery.tries - 1), LONGEST_PAUSE_MS);
    return this.deliveries.postpone(delivery, Date.now() + Math.round(pause * (0.5 + Math.random() / 2)));
  }
}
