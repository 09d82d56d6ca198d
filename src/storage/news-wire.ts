import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Logger } from '../kit/index.js';
import type { News } from './news.js';

export const CHANNEL = 'ark_news';
const BEAT = 'beat';
/** Said by who begins to hear: whatever was said before, it has missed. */
const JOINED = 'joined';
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

export interface WireOptions {
  /** A connection of its own, not yet connected. */
  connect(): Client;
  /** Sends payloads to everybody who listens to the channel, over any other connection. */
  send(payloads: string[]): Promise<void>;
  news: News;
  logger: Logger;
  /** Milliseconds between two proofs that news arrive. Default: 10 s. */
  beatMs?: number;
}

/**
 * Carries news between the processes of a shared PostgreSQL, by LISTEN and NOTIFY. Every ten seconds it tells itself
 * something the long way round: news are `live` only while that arrives. A lost connection, a silent network and a
 * pooler that does not pass notifications on are noticed alike, and tried again.
 */
export class NewsWire {
  /** Who hears its own words knows them already. */
  private readonly origin = randomUUID();
  private client?: Client;
  private timer?: NodeJS.Timeout;
  private beatHeard = false;
  private failures = 0;
  private closed = false;

  constructor(private readonly options: WireOptions) {}

  payload(topic: string): string {
    return `${this.origin} ${topic}`;
  }

  /** Never rejects: what fails is tried again. */
  async open(): Promise<void> {
    if (this.closed) return;
    const client = this.options.connect();
    this.client = client;
    this.beatHeard = true;
    client.on('notification', ({ payload }) => this.hear(payload ?? ''));
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('the server closed the connection')));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      await this.beat(client);
      await this.options.send([this.payload(JOINED)]);
    } catch (error) {
      this.lose(client, error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  private async beat(client: Client): Promise<void> {
    if (client !== this.client) return;
    if (!this.beatHeard) {
      this.lose(client, new Error('notifications do not arrive'));
      return;
    }
    this.beatHeard = false;
    await this.options.send([this.payload(BEAT)]);
    if (client !== this.client) return;
    const again = () => this.beat(client).catch((error: unknown) => this.lose(client, error));
    this.timer = setTimeout(() => void again(), this.options.beatMs ?? 10_000);
  }

  private hear(payload: string): void {
    const space = payload.indexOf(' ');
    const topic = payload.slice(space + 1);
    if (payload.slice(0, space) !== this.origin) {
      if (topic === JOINED) this.options.news.tellAll();
      else this.options.news.tell(topic);
    } else if (topic === BEAT) {
      this.beatHeard = true;
      this.failures = 0;
      this.options.news.live = true;
    }
  }

  private lose(client: Client, error: unknown): void {
    if (client !== this.client) return;
    this.client = undefined;
    clearTimeout(this.timer);
    client.end().catch(() => {});
    if (this.failures === 0) {
      this.options.logger.warn(
        { err: error },
        'News of other replicas do not arrive; the database is looked at instead',
      );
    }
    this.options.news.live = false;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    // Replicas that lost the same server must not come back in one moment.
    this.timer = setTimeout(() => void this.open(), pause * (0.5 + Math.random() / 2));
  }
}
