import { listIn } from '../kit/a2a/card-list.js';
import { ArkError, errorText, shownAddress, timeout, unavailable } from '../kit/index.js';
import { A2aDiscovery, type CardReading, type FoundAgents } from '../reconcilers/a2a-server/a2a-discovery.js';
import { agentOf } from './a2a/agent-card.js';
import { agentsIn } from './a2a/card-catalogue.js';
import { type CardRequest, readDocument } from './a2a/card-document.js';
import type { GuardedHttp } from './guarded-http.js';

/** Protocol 0.3 and later, protocol 0.2, and the address itself for those that publish a list. */
const PLACES = ['/.well-known/agent-card.json', '/.well-known/agent.json', ''];

/** Reads the cards of A2A servers over HTTP. */
export class CardReader extends A2aDiscovery {
  constructor(
    private readonly http: GuardedHttp,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  async read(reading: CardReading): Promise<FoundAgents> {
    const late = AbortSignal.timeout(this.timeoutMs);
    const signal = AbortSignal.any([reading.signal, late]);
    const failures: string[] = [];
    for (const url of placesFor(reading)) {
      try {
        return await this.readAt(url, { ...reading, signal });
      } catch (error) {
        if (late.aborted) throw timeout(`no agent card within ${this.timeoutMs / 1000} seconds from ${shown(url)}`);
        // Nobody listens, or the address is refused: it is the same at every path.
        if (!(error instanceof ArkError)) throw unavailable(`${shown(url)}: ${causeText(error)}`, { cause: error });
        if (error.family === 'Denied') throw error;
        failures.push(`${new URL(url).pathname}: ${errorText(error)}`);
      }
    }
    throw unavailable(`no agent card that can be used at ${shown(reading.address)}: ${failures.join('; ')}`);
  }

  private async readAt(url: string, { address, headers, secrets, known, signal }: CardReading): Promise<FoundAgents> {
    const etag = known?.url === url ? known.etag : undefined;
    const answer = await readDocument(this.http, { url, headers, secrets, etag, signal });
    if (!answer) return known as FoundAgents;
    const version = answer.etag === undefined ? {} : { etag: answer.etag };
    const list = listIn(answer.document);
    const home = withoutQuery(address);
    if (!list) {
      const { agent, notes } = agentOf(answer.document, home);
      return { agents: [agent], listed: false, url, notes, ...version };
    }
    const read = (card: string) => this.documentAt({ url: card, headers, secrets, signal });
    const { agents, problems, linked, partial } = await agentsIn(list, home, read);
    // What was not read because time was up is no news.
    signal.throwIfAborted();
    return { agents, listed: true, url, problems, partial, ...(linked ? {} : version) };
  }

  private async documentAt(request: CardRequest): Promise<unknown> {
    try {
      return (await readDocument(this.http, request))?.document;
    } catch (error) {
      if (error instanceof ArkError) throw error;
      throw unavailable(`${shown(request.url)}: ${causeText(error)}`, { cause: error });
    }
  }
}

/** Where to look; first where the cards were the last time. */
function placesFor({ address, known }: CardReading): string[] {
  const places = PLACES.map((place) => {
    const url = new URL(address);
    if (place) {
      url.pathname = `${url.pathname.replace(/\/+$/, '')}${place}`;
      url.search = '';
    }
    return url.href;
  });
  const first = known && places.includes(known.url) ? [known.url] : [];
  return [...new Set([...first, ...places])];
}

/** What undici says is in the cause; `fetch failed` helps nobody. */
function causeText(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof AggregateError) return cause.errors.map(errorText).join('; ');
  return (cause as Error | undefined)?.message || errorText(error);
}

/** Where agents are called stands in their annotations, for everybody to read. */
const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, '').replace(/\/+$/, '');

/** A server's own place needs no slash. */
const shown = (url: string): string => shownAddress(url).replace(/\/$/, '');
