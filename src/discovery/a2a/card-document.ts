import { denied, invalid, unavailable } from '../../kit/index.js';
import { type GuardedHttp, staysHome } from '../guarded-http.js';

/** A card is a page of text; more is not a card. */
const LARGEST_CARD = 1 << 20;
const MOST_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface CardRequest {
  url: string;
  headers: Record<string, string>;
  /** What came out of Secrets in headers and URL. */
  secrets?: readonly string[];
  /** The version that is known; the answer is undefined when it is still the same. */
  etag?: string;
  signal: AbortSignal;
}

/** One document of JSON and its version. */
export interface CardDocument {
  document: unknown;
  etag?: string;
}

/**
 * Reads a JSON document from a host that is not trusted: redirects stay on it, since the headers may hold keys.
 *
 * @throws ArkError saying what came instead
 */
export async function readDocument(http: GuardedHttp, request: CardRequest): Promise<CardDocument | undefined> {
  let url = new URL(request.url);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const headers = {
      accept: 'application/json',
      ...request.headers,
      ...(request.etag === undefined ? {} : { 'if-none-match': request.etag }),
    };
    const response = await http.fetch(request.secrets)(url.href, {
      headers,
      redirect: 'manual',
      signal: request.signal,
    });
    if (response.status === 304 && request.etag !== undefined) {
      await drop(response);
      return undefined;
    }
    if (!REDIRECTS.includes(response.status)) return documentIn(response);
    await drop(response);
    url = redirected(url, response.headers.get('location'));
  }
  throw unavailable(`more than ${MOST_REDIRECTS} redirects`);
}

function redirected(from: URL, location: string | null): URL {
  const to = location === null ? null : URL.parse(location, from.href);
  if (!to) throw unavailable('a redirect to nowhere');
  if (staysHome(from, to)) return to;
  throw denied(`a redirect to another host, ${to.host}, which is not followed; write that address into the A2AServer`);
}

async function documentIn(response: Response): Promise<CardDocument> {
  if (response.status !== 200) {
    await drop(response);
    throw unavailable(`HTTP status ${response.status}`, { details: { status: response.status } });
  }
  const text = await boundedText(response);
  try {
    const etag = response.headers.get('etag') ?? undefined;
    return { document: JSON.parse(text) as unknown, ...(etag === undefined ? {} : { etag }) };
  } catch {
    const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type';
    throw invalid(`the answer is not JSON (${type})`);
  }
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    // Leaving the loop ends the download.
    if (size > LARGEST_CARD) throw invalid('the answer is larger than 1 MiB, which no agent card is');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
