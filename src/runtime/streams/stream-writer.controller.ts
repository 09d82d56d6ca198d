import { Body, Controller, HttpCode, Param, Post, Query as QueryValue } from '@nestjs/common';
import { conflict, invalid, notFound, resourceType } from '../../kit/index.js';
import { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Needs } from '../../machinery/http/route-access.js';
import { Query } from '../../resources/query/query.resource.js';
import type { ChunkSource } from './chunk.js';
import { ChunkStreams } from './chunk-streams.js';
import { jsonLines, NDJSON } from './ndjson-bodies.js';
import { STREAM_PATHS, streamNamespace } from './stream-paths.js';

const ENDED = ['done', 'error', 'canceled'];

/** Engines outside this process say here what they are saying, as they do to Ark's broker. */
@Controller(STREAM_PATHS)
export class StreamWriterController {
  constructor(
    private readonly streams: ChunkStreams,
    private readonly cache: ResourceCache,
  ) {}

  /** Chunks as JSON, one per line, passed on to readers as they arrive. */
  @Post(':query')
  @HttpCode(200)
  @Needs('use', 'asked')
  async write(
    @Param('query') name: string,
    @Param('namespace') inPath: string | undefined,
    @QueryValue('namespace') given: string | undefined,
    @Body() body: AsyncIterable<Buffer> | undefined,
  ) {
    if (body === undefined || body === null || !(Symbol.asyncIterator in Object(body))) {
      throw invalid(`the body must be of type ${NDJSON}: one JSON object per line`);
    }
    const query = await this.query(streamNamespace(inPath, given), name);
    const uid = query.metadata.uid ?? '';
    // What is kept of a stream that is over must not begin anew.
    const over = ENDED.includes(query.status?.phase ?? '') && !this.streams.has(uid);
    if (over || this.streams.isEnded(uid)) throw conflict(`the stream of query '${name}' has ended`);
    this.streams.open(uid, { kept: true });
    let received = 0;
    for await (const json of jsonLines(body)) {
      this.streams.write(uid, sourceOf(query), { type: 'foreign', json });
      received += 1;
    }
    return { status: 'stream_processed', query: name, chunks_received: received };
  }

  @Post(':query/complete')
  @HttpCode(200)
  @Needs('use', 'asked')
  async complete(
    @Param('query') name: string,
    @Param('namespace') inPath: string | undefined,
    @QueryValue('namespace') given: string | undefined,
  ) {
    const { metadata } = await this.query(streamNamespace(inPath, given), name);
    const uid = metadata.uid ?? '';
    if (!this.streams.has(uid)) throw notFound(`nobody has written to the stream of query '${name}' here`);
    const status = this.streams.isEnded(uid) ? 'already_completed' : 'completed';
    this.streams.end(uid);
    return { status, query: name };
  }

  private async query(namespace: string, name: string): Promise<Query> {
    const queries = this.cache.informer<Query>(resourceType(Query));
    await queries.synced;
    const found = queries.get({ namespace, name });
    if (!found) throw notFound(`query '${namespace}/${name}' does not exist`);
    return found;
  }
}

/** What a foreign chunk says about itself it carries in its own JSON. */
const sourceOf = ({ metadata, spec }: Query): ChunkSource => {
  const uid = metadata.uid ?? '';
  return {
    id: `chatcmpl-${uid}`,
    model: '',
    created: 0,
    ark: { query: uid, session: spec.sessionId ?? uid, target: '' },
  };
};
