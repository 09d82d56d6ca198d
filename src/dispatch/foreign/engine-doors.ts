import { ArkError, type Logger, shownAddress, unavailable } from '../../kit/index.js';
import { doorOf, type EngineDoor, legacyDoor, NOT_SPOKEN, parseCard } from './engine-door.js';
import { type SentHeaders, withHeaders } from './with-headers.js';

const CARD_PATHS = ['.well-known/agent-card.json', '.well-known/agent.json'];
const CARD_TIMEOUT_MS = 5_000;
const LARGEST_CARD = 1 << 20;
/** A card may change with the engine's next release. */
const KEEP_MS = 60_000;
/** An engine without a card may be starting. */
const KEEP_FAILURE_MS = 5_000;
const MOST = 500;

type Fetch = typeof globalThis.fetch;

const NOTHING: SentHeaders = { headers: {}, secrets: [] };

interface Entry {
  door: Promise<EngineDoor>;
  expires: number;
}

/**
 * The ways into foreign engines by address and headers. A card is read once a minute, however many Queries wait for it.
 * The headers go to the address alone: cards cannot name another host.
 */
export class EngineDoors {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly fetch: Fetch,
    private readonly logger: Logger,
  ) {}

  find(address: string, sent = NOTHING): Promise<EngineDoor> {
    const key = keyOf(address, sent);
    const known = this.entries.get(key);
    if (known && known.expires > Date.now()) return known.door;
    const entry: Entry = {
      door: this.open(key, address, withHeaders(this.fetch, sent)),
      expires: Date.now() + KEEP_MS,
    };
    this.entries.delete(key);
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > MOST && oldest !== undefined) this.entries.delete(oldest);
    return entry.door;
  }

  /** Has the card read anew by the next who asks: it may have changed with the engine. */
  forget(address: string, sent = NOTHING): void {
    this.entries.delete(keyOf(address, sent));
  }

  /**
   * Reads the card; an engine whose card cannot be read is spoken to as Ark speaks to engines.
   *
   * @throws Invalid when the card offers only what is not spoken here
   */
  private async open(key: string, address: string, fetch: Fetch): Promise<EngineDoor> {
    let failure: unknown;
    // For both paths together: a server that shows nothing in time at one shows nothing at the other.
    const signal = AbortSignal.timeout(CARD_TIMEOUT_MS);
    for (const path of CARD_PATHS) {
      try {
        return await doorOf(parseCard(await read(fetch, address, path, signal)), address, fetch);
      } catch (error) {
        failure = error;
        if (error instanceof ArkError && error.reason === NOT_SPOKEN) break;
      }
    }
    const entry = this.entries.get(key);
    if (entry) entry.expires = Date.now() + KEEP_FAILURE_MS;
    if (failure instanceof ArkError && failure.reason === NOT_SPOKEN) throw failure;
    this.logger.info({ address: shownAddress(address), err: failure }, 'An engine shows no agent card');
    return legacyDoor(address, fetch);
  }
}

const keyOf = (address: string, sent: SentHeaders): string => `${address} ${JSON.stringify(sent)}`;

async function read(fetch: Fetch, address: string, path: string, signal: AbortSignal): Promise<unknown> {
  const url = new URL(path, address.endsWith('/') ? address : `${address}/`);
  // No version header: engines of 0.3 know none, and ours serve one card for both.
  const response = await fetch(url, { signal });
  const text = await response.text();
  if (text.length > LARGEST_CARD) throw unavailable('the agent card is larger than 1 MiB');
  return JSON.parse(text) as unknown;
}
