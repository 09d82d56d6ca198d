import { type Logger, unavailable } from '../../kit/index.js';
import { doorOf, type EngineDoor, legacyDoor, parseCard } from './engine-door.js';

const CARD_PATHS = ['.well-known/agent-card.json', '.well-known/agent.json'];
const CARD_TIMEOUT_MS = 5_000;
const LARGEST_CARD = 1 << 20;
/** A card may change with the engine's next release. */
const KEEP_MS = 60_000;
/** An engine without a card may be starting. */
const KEEP_FAILURE_MS = 5_000;
const MOST = 500;

interface Entry {
  door: Promise<EngineDoor>;
  expires: number;
}

/** The ways into foreign engines by address. A card is read once a minute, however many Queries wait for it. */
export class EngineDoors {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly fetch: typeof globalThis.fetch,
    private readonly logger: Logger,
  ) {}

  find(address: string): Promise<EngineDoor> {
    const known = this.entries.get(address);
    if (known && known.expires > Date.now()) return known.door;
    const entry: Entry = { door: this.open(address), expires: Date.now() + KEEP_MS };
    this.entries.delete(address);
    this.entries.set(address, entry);
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > MOST && oldest !== undefined) this.entries.delete(oldest);
    return entry.door;
  }

  /** Has the card read anew by the next who asks: it may have changed with the engine. */
  forget(address: string): void {
    this.entries.delete(address);
  }

  /** Reads the card; an engine whose card cannot be read is spoken to as Ark speaks to engines. */
  private async open(address: string): Promise<EngineDoor> {
    let failure: unknown;
    // For both paths together: a server that shows nothing in time at one shows nothing at the other.
    const signal = AbortSignal.timeout(CARD_TIMEOUT_MS);
    for (const path of CARD_PATHS) {
      try {
        return await doorOf(parseCard(await this.read(address, path, signal)), address, this.fetch);
      } catch (error) {
        failure = error;
      }
    }
    this.logger.info({ address: withoutSecrets(address), err: failure }, 'An engine shows no agent card');
    const entry = this.entries.get(address);
    if (entry) entry.expires = Date.now() + KEEP_FAILURE_MS;
    return legacyDoor(address, this.fetch);
  }

  private async read(address: string, path: string, signal: AbortSignal): Promise<unknown> {
    const url = new URL(path, address.endsWith('/') ? address : `${address}/`);
    // No version header: engines of 0.3 know none, and ours serve one card for both.
    const response = await this.fetch(url, { signal });
    const text = await response.text();
    if (text.length > LARGEST_CARD) throw unavailable('the agent card is larger than 1 MiB');
    return JSON.parse(text) as unknown;
  }
}

function withoutSecrets(address: string): string {
  const url = new URL(address);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
