import { Injectable } from '@nestjs/common';
import { keyText, Metrics, type ObjectKey, resourceType } from '../../kit/index.js';
import type { Informer } from '../../kube/cache/informer.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Query } from '../../resources/query/query.resource.js';
import { targetText } from '../../resources/query/query-target.js';
import type { StoredStream } from '../../storage/chunks.js';
import { Listeners } from '../../storage/listeners.js';
import { type Chunk, type ChunkSource, chunkJson } from './chunk.js';
import { ChunkStreams } from './chunk-streams.js';
import { StoredStreams } from './stored-streams.js';

/** Nobody says more to these; one that waits for a person goes on under a new stream. */
const SETTLED = ['done', 'error', 'canceled', 'input-required'];

export interface StreamRequest {
  namespace: string;
  query: string;
  /** Send what was said before the reader came. */
  fromBeginning: boolean;
  /** Resume after this event. */
  lastEventId?: number;
  /** How long to wait for the Query to appear. */
  waitMs: number;
}

/** One event for a reader: an id where it can be resumed from, and its data. */
export interface StreamEvent {
  id?: string;
  data: string;
}

/** Reads the stream of a Query by its name, whether it is still to come, live here, live elsewhere, or over. */
@Injectable()
export class StreamReader {
  private readonly queries: Informer<Query>;
  private readers = 0;
  /** By `<namespace>/<name>` of the Query. */
  private readonly changes = new Listeners();
  /** By the uid of the Query. */
  private readonly openings = new Listeners();

  constructor(
    private readonly streams: ChunkStreams,
    private readonly stored: StoredStreams,
    cache: ResourceCache,
    metrics: Metrics,
  ) {
    this.queries = cache.informer<Query>(resourceType(Query));
    // Heard once for all readers, however many wait.
    this.queries.onChange(({ key }) => this.changes.tell(keyText(key)));
    streams.onOpen((uid) => this.openings.tell(uid));
    const one = (value: number) => [{ value }];
    metrics.gauge({ name: 'ark_streams_open', help: 'Streams of Queries that are written here.' }, () =>
      one(streams.running),
    );
    metrics.gauge({ name: 'ark_stream_readers', help: 'Readers of streams that are connected here.' }, () =>
      one(this.readers),
    );
  }

  exists(namespace: string, name: string): boolean {
    return this.queries.get({ namespace, name }) !== undefined;
  }

  async *read(request: StreamRequest, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    this.readers += 1;
    try {
      yield* this.events(request, signal);
    } finally {
      this.readers -= 1;
    }
  }

  private async *events(request: StreamRequest, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    const query = await this.appearance(request, signal);
    if (!query) {
      if (!signal.aborted) yield { data: waitedInVain(request) };
      return;
    }
    const uid = query.metadata.uid ?? '';
    if (!this.streams.has(uid)) await this.settled(query, signal);
    if (this.streams.has(uid)) {
      this.streams.keep(uid);
      for await (const chunk of this.streams.read(uid, this.start(uid, request), signal)) yield eventOf(chunk);
      return;
    }
    const stored = signal.aborted ? undefined : await this.stored.find(uid);
    if (stored) {
      const isOver = () => this.isOver(query.metadata);
      yield* this.stored.read(uid, positionIn(stored, request), isOver, signal);
      return;
    }
    const ended = this.queries.get(keyOf(request));
    if (ended && !signal.aborted) yield* fromStatus(ended);
  }

  private start(uid: string, { fromBeginning, lastEventId }: StreamRequest): number {
    if (lastEventId !== undefined) return lastEventId;
    if (fromBeginning) return 0;
    // The last chunk of a finished stream says how it ended: nobody should miss it.
    return this.streams.lastId(uid) - (this.streams.isEnded(uid) ? 1 : 0);
  }

  private async appearance(request: StreamRequest, signal: AbortSignal): Promise<Query | undefined> {
    const key = keyOf(request);
    await this.queries.synced;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, request.waitMs))]);
    await this.until(() => this.queries.get(key) !== undefined, limit, key);
    return this.queries.get(key);
  }

  /** Resolves when the Query's stream opens in this process or in the database, or when the Query has ended or is gone. */
  private async settled({ metadata }: Query, signal: AbortSignal): Promise<void> {
    const uid = metadata.uid ?? '';
    const found = new AbortController();
    const watch = AbortSignal.any([signal, found.signal]);
    await Promise.race([this.openedOrOver(metadata, watch), this.stored.appearance(uid, watch)]);
    found.abort();
  }

  private openedOrOver(metadata: Query['metadata'], signal: AbortSignal): Promise<void> {
    return this.until(() => this.streams.has(metadata.uid ?? '') || this.isOver(metadata), signal, metadata);
  }

  private isOver({ namespace, name }: Query['metadata']): boolean {
    const current = this.queries.get({ namespace, name });
    return !current || SETTLED.includes(current.status?.phase ?? '');
  }

  /** Resolves when something holds, or the signal is aborted; looks again at each news of the Query. */
  private until(holds: () => boolean, signal: AbortSignal, query: ObjectKey & { uid?: string }): Promise<void> {
    return new Promise((resolve) => {
      const stops: (() => void)[] = [];
      const look = () => {
        if (!signal.aborted && !holds()) return;
        for (const stop of stops) stop();
        resolve();
      };
      if (signal.aborted || holds()) return resolve();
      stops.push(this.changes.add(keyText(query), look));
      if (query.uid) stops.push(this.openings.add(query.uid, look));
      signal.addEventListener('abort', look);
      stops.push(() => signal.removeEventListener('abort', look));
      look();
    });
  }
}

const keyOf = ({ namespace, query }: StreamRequest) => ({ namespace, name: query });

/** Where a reader of a stored stream begins; the last chunk says how it ended, and nobody should miss it. */
const positionIn = ({ ended, lastId }: StoredStream, { lastEventId, fromBeginning }: StreamRequest): number =>
  lastEventId ?? (fromBeginning ? 0 : Math.max(0, lastId - (ended ? 1 : 0)));

const eventOf = (chunk: Chunk): StreamEvent => ({ id: String(chunk.id), data: chunkJson(chunk) });

function waitedInVain({ namespace, query, waitMs }: StreamRequest): string {
  const message = `query '${namespace}/${query}' did not appear within ${Math.round(waitMs / 1000)} s`;
  return JSON.stringify({ error: { message, type: 'timeout_error', code: 'timeout' } });
}

/** The answer of a Query whose pieces nobody kept: one chunk with the text, one with the end. */
function* fromStatus({ metadata, spec, status }: Query): Generator<StreamEvent> {
  const uid = metadata.uid ?? '';
  const response = status?.response;
  const target = response?.target ? targetText(response.target) : '';
  const source: ChunkSource = {
    id: `chatcmpl-${uid}`,
    model: target,
    created: Math.floor(Date.now() / 1000),
    ark: { query: uid, session: spec.sessionId ?? uid, target },
  };
  const content = response?.content ?? '';
  if (status?.phase === 'done') yield { data: chunkJson({ id: 0, source, body: { type: 'text', text: content } }) };
  else
    yield { data: chunkJson({ id: 0, source, body: { type: 'error', message: content, code: 'execution_failed' } }) };
  const completedQuery = {
    metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
    status: {
      phase: status?.phase ?? '',
      conversationId: status?.conversationId,
      response: response?.target && {
        target: response.target,
        content,
        raw: response.raw ?? '',
        phase: response.phase ?? '',
      },
      tokenUsage: status?.tokenUsage,
      cost: status?.cost,
    },
  };
  yield { data: chunkJson({ id: 0, source, body: { type: 'final', completedQuery } }) };
}
